import type { Graph, Node, Value } from '../record/graph.ts'

/** Turns a 2-D matrix product and its bias into one Gemm, which writes the sum while the product is still in cache. */
export const fuseBias = (graph: Graph): Graph => {
  const uses = useCounts(graph)
  const producers = new Map(
    graph.nodes.flatMap((node) => node.outputs.map((value) => [value.id, node] as const)),
  )
  const replaced = new Set<Node>()
  const gemms = new Map<Node, Node>()
  for (const add of graph.nodes) {
    if (add.op !== 'Add') continue
    for (const [product, bias] of [add.inputs, [...add.inputs].reverse()]) {
      const node = product === undefined ? undefined : producers.get(product.id)
      if (node === undefined || product === undefined || bias === undefined) continue
      if (!isPlainProduct(node) || uses.get(product.id) !== 1 || !isBias(bias, product)) continue
      replaced.add(node)
      gemms.set(add, {
        ...add,
        op: 'Gemm',
        domain: '',
        inputs: [...node.inputs, bias],
        attributes: { transA: node.attributes.transA ?? 0, transB: node.attributes.transB ?? 0 },
      })
      break
    }
  }
  return {
    ...graph,
    nodes: graph.nodes.filter((node) => !replaced.has(node)).map((node) => gemms.get(node) ?? node),
  }
}

const isPlainProduct = (node: Node): boolean =>
  (node.op === 'MatMul' || node.op === 'FusedMatMul') &&
  node.attributes.alpha === undefined &&
  node.inputs.every((value) => value?.dtype === 'float32' && value.shape.length === 2)

const isBias = (bias: Value, product: Value): boolean =>
  bias.shape.length === 1 && bias.shape[0] === product.shape[1]

/** The number of reads of each value, by nodes and as an output. */
export const useCounts = (graph: Graph): ReadonlyMap<number, number> => {
  const counts = new Map<number, number>()
  const count = (value: Value): void => {
    counts.set(value.id, (counts.get(value.id) ?? 0) + 1)
  }
  for (const node of graph.nodes) for (const value of node.inputs) if (value !== undefined) count(value)
  for (const { value } of graph.outputs) count(value)
  return counts
}
