import { defined } from '@kic/core'
import { slice_util, util } from '@tensorflow/tfjs'
import type { Value } from '../graph.ts'
import type { GraphBuilder } from '../graph-builder.ts'
import type { Translation, TranslationTable } from '../translation.ts'

/** Ends of a cut: after every element, and before every element if the step is negative. */
export const BEHIND_ALL = 2 ** 31 - 1
const BEFORE_ALL = -(2 ** 31)

/** The elements to take along one axis, in ONNX's terms: negative positions count from the end of the axis. */
export interface Cut {
  readonly axis: number
  readonly start: number
  readonly end: number
  readonly step: number
}

/** The elements that the cuts leave, in the given shape. */
export const cut = (g: GraphBuilder, x: Value, cuts: readonly Cut[], shape: readonly number[]): Value => {
  if (cuts.length === 0) return x
  const filled = g.fillOf(x)
  if (filled !== undefined) return g.fill(filled, x.dtype, shape)
  const pick = (of: (cut: Cut) => number): Value => g.ints(cuts.map(of))
  const operands = [pick((c) => c.start), pick((c) => c.end), pick((c) => c.axis), pick((c) => c.step)]
  return g.node('Slice', [x, ...operands], x.dtype, shape)
}

/** `size[i]` elements of every axis, from `begin[i]` in steps of `strides[i]`. */
export const slice = (
  g: GraphBuilder,
  x: Value,
  begin: readonly number[],
  size: readonly number[],
  strides: readonly number[] = begin.map(() => 1),
): Value => {
  const cuts = begin.map((start, axis): Cut => {
    const step = defined(strides[axis])
    const end = start + defined(size[axis]) * step
    if (step < 0 && end < 0) return { axis, start, end: BEFORE_ALL, step }
    // The end of an axis is wherever it is, so the length may be symbolic in an exported model.
    return { axis, start, end: start > 0 && end === x.shape[axis] ? BEHIND_ALL : end, step }
  })
  const needed = cuts.filter((c) => c.start !== 0 || c.step !== 1 || c.end !== x.shape[c.axis])
  return cut(g, x, needed, size)
}

const sliceKernel: Translation = ({ g, input, attributes }) => {
  const x = input('x')
  // A missing axis is taken whole; -1 means all remaining elements.
  const given = {
    begin: attributes.numbers('begin'),
    size: attributes.has('size') ? attributes.numbers('size') : [],
  }
  const begin = x.shape.map((_, i) => given.begin[i] ?? 0)
  const size = x.shape.map((d, i) => {
    const s = given.size[i] ?? -1
    return s === -1 ? d - defined(begin[i]) : s
  })
  util.assert(
    x.shape.every((d, i) => defined(begin[i]) >= 0 && defined(begin[i]) + defined(size[i]) <= d),
    () => `Error in slice: begin [${begin}] and size [${size}] reach beyond a tensor of shape [${x.shape}]`,
  )
  return slice(g, x, begin, size)
}

const stridedSlice: Translation = ({ g, input, attributes }) => {
  const x = input('x')
  const mask = (name: string): number => (attributes.has(name) ? attributes.number(name) : 0)
  const info = slice_util.sliceInfo(
    [...x.shape],
    [...attributes.numbers('begin')],
    [...attributes.numbers('end')],
    [...attributes.numbers('strides')],
    mask('beginMask'),
    mask('endMask'),
    mask('ellipsisMask'),
    mask('newAxisMask'),
    mask('shrinkAxisMask'),
  )
  // If the end is before the start, TensorFlow.js computes a negative size.
  const size = slice_util.computeOutShape(info.begin, info.end, info.strides).map((d) => Math.max(0, d))
  return g.reshape(slice(g, x, info.begin, size, info.strides), info.finalShape)
}

/** Starts from the end, wherever it is, so the length may be symbolic in an exported model. */
const reverse: Translation = ({ g, input, attributes }) => {
  const x = input('x')
  const axes = attributes.axes('dims', x.shape.length).filter((axis) => defined(x.shape[axis]) > 1)
  return cut(
    g,
    x,
    axes.map((axis) => ({ axis, start: -1, end: BEFORE_ALL, step: -1 })),
    x.shape,
  )
}

/** Kernels that take a block of elements out of a tensor. */
export const slices: TranslationTable = {
  Slice: sliceKernel,
  StridedSlice: stridedSlice,
  Reverse: reverse,
}
