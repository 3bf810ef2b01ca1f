import { defined } from '@kic/core'
import type { Value } from '../../record/graph.ts'
import type { GraphBuilder } from '../../record/graph-builder.ts'
import { where } from '../../record/kernels/where.ts'
import type { Lowering, LoweringTable } from './lowering.ts'

/** The numbers 0, 1, … along an axis of a tensor of the given rank, int32. */
export const positions = (g: GraphBuilder, length: number, axis: number, rank: number): Value =>
  g.constant(
    Int32Array.from({ length }, (_, i) => i),
    'int32',
    Array.from({ length: rank }, (_, i) => (i === axis ? length : 1)),
  )

/** The first position of an extreme along an axis, which stays with length 1. */
const firstOf = (
  g: GraphBuilder,
  x: Value,
  axis: number,
  extreme: 'ReduceMax' | 'ReduceMin',
): readonly [element: Value, position: Value] => {
  const length = defined(x.shape[axis])
  const element = g.reduce(extreme, x, [axis], true)
  const found = g.binary('Equal', x, element, 'bool')
  const numbers = positions(g, length, axis, x.shape.length)
  const candidates = where(g, found, numbers, g.scalar(length, 'int32'))
  return [element, g.reduce('ReduceMin', candidates, [axis], true)]
}

/** In int32: the provider's own gives int64, which it cannot cast. */
const arg =
  (extreme: 'ReduceMax' | 'ReduceMin'): Lowering =>
  ({ g, node, input, output }) =>
    g.reshape(defined(firstOf(g, input(0), Number(node.attributes.axis), extreme)[1]), output.shape)

/** The largest element, then the largest of the others, and so on. */
const topK: Lowering = ({ g, input, output }) => {
  const x = input(0)
  const axis = x.shape.length - 1
  const lowest = g.scalar(x.dtype === 'int32' ? -(2 ** 31) : Number.NEGATIVE_INFINITY, x.dtype)
  const numbers = positions(g, defined(x.shape[axis]), axis, x.shape.length)
  const [elements, places]: [Value[], Value[]] = [[], []]
  let rest = x
  for (let i = 0; i < defined(output.shape[axis]); i++) {
    const [element, place] = firstOf(g, rest, axis, 'ReduceMax')
    elements.push(element)
    places.push(place)
    rest = where(g, g.binary('Equal', numbers, place, 'bool'), lowest, rest)
  }
  const joined = (parts: readonly Value[]): Value =>
    parts.length === 1
      ? defined(parts[0])
      : g.node('Concat', parts, defined(parts[0]).dtype, output.shape, { attributes: { axis } })
  return [joined(elements), joined(places)]
}

const oneHot: Lowering = ({ g, input, output }) => {
  const indices = input(0)
  const depth = defined(output.shape.at(-1))
  const numbers = positions(g, depth, output.shape.length - 1, output.shape.length)
  const column = g.reshape(indices, [...indices.shape, 1])
  const chosen = g.binary('Equal', column, numbers, 'bool')
  const values = g.constantOf(input(2))
  const [off, on] = values?.kind === 'array' ? [...values.data].map(Number) : [values?.value, values?.value]
  return where(g, chosen, g.scalar(defined(on)), g.scalar(defined(off)))
}

/** Operators that choose elements, with int32 positions. */
export const selection: LoweringTable = {
  ArgMax: arg('ReduceMax'),
  ArgMin: arg('ReduceMin'),
  TopK: topK,
  OneHot: oneHot,
}
