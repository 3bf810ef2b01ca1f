import { defined } from '@kic/core'
import type { Value } from '../../record/graph.ts'
import type { GraphBuilder } from '../../record/graph-builder.ts'
import type { Lowering, LoweringTable } from './lowering.ts'

/** An operator that moves elements, for booleans by way of integers. */
const moved: Lowering = ({ g, node, inputs, output }) => {
  if (output.dtype !== 'bool') return undefined
  const numbers = inputs.map((x) => (x?.dtype === 'bool' ? g.cast(x, 'int32') : x))
  const shapes = node.outputs.map(({ shape }) => ['int32', shape] as const)
  const values = g.many(node.op, numbers, shapes, { attributes: node.attributes, domain: node.domain })
  return values.map((value) => g.cast(value, 'bool'))
}

/** `count` elements of an axis, from `start` in steps of `step`. */
const taken = (
  g: GraphBuilder,
  x: Value,
  axis: number,
  start: number,
  count: number,
  step: number,
): Value => {
  const at = Int32Array.from({ length: count }, (_, i) => start + i * step)
  const shape = x.shape.map((d, i) => (i === axis ? count : d))
  return g.node('Gather', [x, g.constant(at, 'int32', [count])], x.dtype, shape, { attributes: { axis } })
}

/** The provider slices only floats, and only forwards without errors; all else is looked up, if it is constant. */
const slice: Lowering = ({ g, input, ints, output }) => {
  const x = input(0)
  if (g.constantOf(input(1)) === undefined) return undefined
  const [starts, axes, steps] = [ints(1), ints(3), ints(4)]
  if (x.dtype === 'float32' && steps.every((step) => step > 0)) return undefined
  return axes.reduce((value, axis, i) => {
    const [start, step] = [defined(starts[i]), defined(steps[i])]
    const length = defined(x.shape[axis])
    const first = start < 0 ? start + length : start
    return taken(g, value, axis, first, defined(output.shape[axis]), step)
  }, x)
}

/** A shader reads and writes at most 12 buffers, so many parts are looked up one by one. */
const MOST_PARTS = 11

const split: Lowering = (lowered) => {
  const { g, node, input } = lowered
  if (node.outputs.length <= MOST_PARTS) return moved(lowered)
  const axis = Number(node.attributes.axis)
  let start = 0
  return node.outputs.map(({ shape }) => {
    const count = defined(shape[axis])
    start += count
    return taken(g, input(0), axis, start - count, count, 1)
  })
}

/** Movement of elements that the provider lacks for booleans or integers. */
export const movement: LoweringTable = {
  Slice: slice,
  Split: split,
  Tile: moved,
  Transpose: moved,
  Concat: moved,
  Pad: moved,
  GatherND: moved,
}
