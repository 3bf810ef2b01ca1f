import { defined, KicError } from '@kic/core'
import { isCheck } from '../../compiled/recorded-checks.ts'
import type { EngineErrorCode } from '../../error-code.ts'
import { fuseBias } from '../../optimize/fuse-bias.ts'
import { type Graph, type GraphDType, type Node, sizeOf, type Value } from '../../record/graph.ts'
import { GraphBuilder } from '../../record/graph-builder.ts'
import { SCATTER_ROWS } from '../../record/kernels/scatter.ts'
import { arithmetic } from './arithmetic.ts'
import { DistinctRowSums, type DistinctRows } from './distinct-rows.ts'
import { logic } from './logic.ts'
import type { LoweringTable } from './lowering.ts'
import { movement } from './movement.ts'
import { products } from './products.ts'
import { selection } from './selection.ts'

/** How ONNX Runtime's WebGPU provider computes operators that it lacks; all others stay as recorded. */
const lowerings: LoweringTable = { ...arithmetic, ...logic, ...movement, ...products, ...selection }

/** A graph of operators that the WebGPU provider has. */
export interface LoweredGraph {
  readonly graph: Graph
  /** Inputs that the host derives from row numbers. */
  readonly distinct: readonly DistinctRows[]
  /** What the host computes: row numbers for `distinct`, and outputs that are only checked. */
  readonly hostGraph: Graph
}

/** Operators with an int64 input of indices. All others take int32. */
const LONG_INDICES: Readonly<Record<string, number>> = { GatherND: 1, ScatterND: 1, ScatterElements: 1 }

/** Lowers a recorded graph for ONNX Runtime's WebGPU provider. */
export const lowerGraph = (recorded: Graph): LoweredGraph => {
  const graph = fuseBias(recorded)
  const g = new GraphBuilder()
  const values = new Map<number, Value>()
  const newValue = (old: Value): Value => defined(values.get(old.id))
  for (const { name, value } of graph.inputs) values.set(value.id, g.input(name, value.dtype, value.shape))
  for (const { value, data } of graph.constants) values.set(value.id, constantOf(g, value, data))
  const sums = new DistinctRowSums(g, graph, newValue)
  for (const node of graph.nodes) {
    const lowered = g.inPlaceOf(node, () =>
      node.op === SCATTER_ROWS ? [sums.of(node)] : loweredNode(g, node, newValue),
    )
    node.outputs.forEach((old, i) => {
      values.set(old.id, defined(lowered[i]))
    })
  }
  // The host checks ranges, so what it can compute of them need not come down.
  const here = graph.outputs.filter(({ name, value }) => !(isCheck(name) && sums.onHost(name, value)))
  const outputs = here.map(({ name, value }) => ({ name, value: computed(g, newValue(value)) }))
  return { graph: g.finish(outputs), distinct: sums.inputs, hostGraph: sums.hostGraph }
}

/** The provider copies no booleans, so one that is an input or a constant is computed. */
const computed = (g: GraphBuilder, x: Value): Value =>
  x.dtype === 'bool' && g.producerOf(x) === undefined ? g.cast(g.cast(x, 'int32'), 'bool') : x

const constantOf = (g: GraphBuilder, { dtype, shape }: Value, data: Graph['constants'][number]['data']) => {
  if (data.kind === 'fill') return g.fill(data.value, dtype, shape)
  const { data: array } = data
  if (array instanceof Int8Array || array instanceof Uint16Array) {
    throw new KicError<EngineErrorCode>('engine/internal', 'lowerGraph: recordings have no small weights')
  }
  return g.constant(array, dtype, shape)
}

const loweredNode = (g: GraphBuilder, node: Node, newValue: (old: Value) => Value): readonly Value[] => {
  const long = LONG_INDICES[node.op]
  const inputs = node.inputs.map((value, i) => {
    const given = value && newValue(value)
    return i === long && given !== undefined ? g.cast(given, 'int64') : given
  })
  const input = (index: number): Value => defined(inputs[index])
  const ints = (index: number): readonly number[] => {
    const data = g.constantOf(input(index))
    if (data?.kind === 'fill') return new Array<number>(sizeOf(input(index).shape)).fill(data.value)
    return Array.from(defined(data).data, Number)
  }
  const [output] = node.outputs
  // The recording casts between integers of 32 and 64 bits for operators of the CPU provider.
  if (node.op === 'Cast' && input(0).dtype === 'int32' && output?.dtype === 'int64') return [input(0)]
  if (node.op === 'Cast' && input(0).dtype === output?.dtype) return [input(0)]
  const made = lowerings[node.op]?.({ g, node, inputs, input, ints, output: defined(output) })
  if (made !== undefined) return 'length' in made ? made : [made]
  // What only moves elements has the type that they have now.
  const typeOf = ({ dtype }: Value): GraphDType => (dtype === 'int64' ? input(0).dtype : dtype)
  const types = node.outputs.map((value) => [typeOf(value), value.shape] as const)
  return g.many(node.op, inputs, types, { attributes: node.attributes, domain: node.domain })
}
