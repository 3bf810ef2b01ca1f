import type { Value } from '../graph.ts'
import type { GraphBuilder } from '../graph-builder.ts'

/** Per graph: up to which size values were used as indices of a Gather, which fails where one is out of range. */
const checked = new WeakMap<GraphBuilder, Map<number, number>>()

/** The value before reshapes: the same numbers. */
export const unshaped = (g: GraphBuilder, x: Value): Value => {
  const producer = g.producerOf(x)
  const source = producer?.op === 'Reshape' ? producer.inputs[0] : undefined
  return source === undefined ? x : unshaped(g, source)
}

/** Notes that a node of the graph fails unless all of `indices` are below `size`. */
export const markInRange = (g: GraphBuilder, indices: Value, size: number): void => {
  const known = checked.get(g) ?? new Map<number, number>()
  checked.set(g, known)
  const { id } = unshaped(g, indices)
  known.set(id, Math.min(size, known.get(id) ?? size))
}

/** Whether `indices` are known to be below `size`. */
export const isInRange = (g: GraphBuilder, indices: Value, size: number): boolean =>
  (checked.get(g)?.get(unshaped(g, indices).id) ?? Number.POSITIVE_INFINITY) <= size
