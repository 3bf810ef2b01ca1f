import { type Graph, type GraphDType, type Node, sizeOf, type Value } from '../record/graph.ts'

/** Operators whose output is their first input in another shape: ONNX Runtime computes nothing for them. */
const VIEWS: ReadonlySet<string> = new Set(['Identity', 'Reshape', 'Squeeze', 'Unsqueeze', 'Flatten'])

const BYTES: Readonly<Record<GraphDType, number>> = {
  float32: 4,
  int32: 4,
  bool: 1,
  int64: 8,
  int8: 1,
  uint8: 1,
  float16: 2,
}

const bytesOf = ({ dtype, shape }: Value): number => BYTES[dtype] * sizeOf(shape)

/**
 * The largest sum of the sizes of the values that a graph has computed and still needs, while its nodes run in their order.
 * Inputs, constants and the graph's outputs live elsewhere and are not among them, unless `counted` selects inputs, which are
 * there from the beginning until their last use.
 */
export const peakBytes = (
  { inputs, nodes, outputs }: Graph,
  counted: (input: string) => boolean = () => false,
): number => {
  const owners = ownersOf(nodes)
  const owner = (value: Value): number => owners.get(value.id) ?? value.id
  const elsewhere = new Set(outputs.map(({ value }) => owner(value)))
  const lastUses = new Map<number, number>()
  for (const [i, node] of nodes.entries()) {
    for (const input of node.inputs) if (input !== undefined) lastUses.set(owner(input), i)
  }
  const dying = new Map<number, number[]>()
  for (const [id, i] of lastUses) dying.set(i, [...(dying.get(i) ?? []), id])
  const given = inputs.filter(({ name, value }) => counted(name) && lastUses.has(value.id))
  const sizes = new Map(given.map(({ value }) => [value.id, bytesOf(value)]))
  let now = [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0)
  let peak = now
  for (const [i, node] of nodes.entries()) {
    if (!VIEWS.has(node.op)) {
      for (const output of node.outputs) {
        if (elsewhere.has(output.id) || !lastUses.has(output.id)) continue
        sizes.set(output.id, bytesOf(output))
        now += bytesOf(output)
      }
    }
    peak = Math.max(peak, now)
    for (const id of dying.get(i) ?? []) now -= sizes.get(id) ?? 0
  }
  return peak
}

/** For each view, the value whose bytes it shows. */
const ownersOf = (nodes: readonly Node[]): ReadonlyMap<number, number> => {
  const owners = new Map<number, number>()
  for (const { op, inputs, outputs } of nodes) {
    const [input, output] = [inputs[0], outputs[0]]
    if (VIEWS.has(op) && input && output) owners.set(output.id, owners.get(input.id) ?? input.id)
  }
  return owners
}
