import type { Value } from '../graph.ts'
import type { GraphBuilder } from '../graph-builder.ts'
import { where } from './where.ts'

/** Per graph: the sizes for which values are indices of a Gather, which fails if one is out of range. */
const checked = new WeakMap<GraphBuilder, Map<number, number>>()

/** The value before reshapes, with the same numbers. */
export const unshaped = (g: GraphBuilder, x: Value): Value => {
  const producer = g.producerOf(x)
  const source = producer?.op === 'Reshape' ? producer.inputs[0] : undefined
  return source === undefined ? x : unshaped(g, source)
}

/** Records that a node of the graph fails unless all of `indices` are below `size`. */
export const markInRange = (g: GraphBuilder, indices: Value, size: number): void => {
  const known = checked.get(g) ?? new Map<number, number>()
  checked.set(g, known)
  const { id } = unshaped(g, indices)
  known.set(id, Math.min(size, known.get(id) ?? size))
}

/** Whether `indices` are known to be below `size`. */
export const isInRange = (g: GraphBuilder, indices: Value, size: number): boolean =>
  (checked.get(g)?.get(unshaped(g, indices).id) ?? Number.POSITIVE_INFINITY) <= size

const lowestOf = (data: ArrayLike<number | bigint> | undefined): number | undefined => {
  if (data === undefined) return undefined
  let lowest = 0
  for (let i = 0; i < data.length; i++) lowest = Math.min(lowest, Number(data[i]))
  return lowest
}

/** Indices with negative ones moved out of range, so ONNX Runtime refuses them as cpu does. */
export const neverNegative = (g: GraphBuilder, indices: Value): Value => {
  const constant = g.constantOf(unshaped(g, indices))
  const lowest = constant?.kind === 'fill' ? constant.value : lowestOf(constant?.data)
  if (lowest !== undefined && lowest >= 0) return indices
  const negative = g.binary('Less', indices, g.scalar(0, indices.dtype), 'bool')
  return where(g, negative, g.scalar(2 ** 31 - 1, indices.dtype), indices)
}
