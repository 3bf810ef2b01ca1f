import { slice_util } from '@tensorflow/tfjs'
import type { Value } from '../graph.ts'
import type { GraphBuilder } from '../graph-builder.ts'
import type { Translation, TranslationTable } from '../translation.ts'

/** `size[i]` elements of every axis, from `begin[i]` on in steps of `strides[i]`. */
export const slice = (
  g: GraphBuilder,
  x: Value,
  begin: readonly number[],
  size: readonly number[],
  strides: readonly number[] = begin.map(() => 1),
): Value => {
  const end = begin.map((b, i) => b + (size[i] ?? 0) * (strides[i] ?? 1))
  const touched = begin
    .map((_, axis) => axis)
    .filter((axis) => begin[axis] !== 0 || end[axis] !== x.shape[axis] || strides[axis] !== 1)
  if (touched.length === 0) return x
  const filled = g.fillOf(x)
  if (filled !== undefined) return g.fill(filled, x.dtype, size)
  const pick = (values: readonly number[]): Value => g.ints(touched.map((axis) => values[axis] ?? 0))
  // A negative stride that runs past the first element needs an end below every index.
  const stop = end.map((e, i) => ((strides[i] ?? 1) < 0 && e < 0 ? -(2 ** 31) : e))
  return g.node('Slice', [x, pick(begin), pick(stop), g.ints(touched), pick(strides)], x.dtype, size)
}

const sliceKernel: Translation = ({ g, input, attributes }) => {
  const x = input('x')
  // An axis that is not named is taken whole; -1 means all that is left.
  const given = {
    begin: attributes.numbers('begin'),
    size: attributes.has('size') ? attributes.numbers('size') : [],
  }
  const begin = x.shape.map((_, i) => given.begin[i] ?? 0)
  const size = x.shape.map((d, i) => {
    const s = given.size[i] ?? -1
    return s === -1 ? d - (begin[i] ?? 0) : s
  })
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
  const size = slice_util.computeOutShape(info.begin, info.end, info.strides)
  return g.reshape(slice(g, x, info.begin, size, info.strides), info.finalShape)
}

const reverse: Translation = ({ g, input, attributes }) => {
  const x = input('x')
  const axes = attributes.axes('dims', x.shape.length).filter((axis) => (x.shape[axis] ?? 0) > 1)
  const begin = x.shape.map((d, i) => (axes.includes(i) ? d - 1 : 0))
  const strides = x.shape.map((_, i) => (axes.includes(i) ? -1 : 1))
  return slice(g, x, begin, x.shape, strides)
}

/** Kernels that take a box of elements out of a tensor. */
export const slices: TranslationTable = {
  Slice: sliceKernel,
  StridedSlice: stridedSlice,
  Reverse: reverse,
}
