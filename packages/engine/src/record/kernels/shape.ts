import { defined } from '@kic/core'
import { backend_util, util } from '@tensorflow/tfjs'
import { sizeOf, type Value } from '../graph.ts'
import type { GraphBuilder } from '../graph-builder.ts'
import type { Translation, TranslationTable } from '../translation.ts'
import { unsupported } from '../unsupported.ts'
import { slice } from './slice.ts'

/** Concatenates tensors along an axis; empty ones are left out. */
export const concat = (g: GraphBuilder, parts: readonly Value[], axis: number): Value => {
  const [first] = parts
  if (first === undefined) return g.fill(0, 'float32', [0])
  const at = axis < 0 ? axis + first.shape.length : axis
  const shapes = parts.map((part) => [...part.shape])
  backend_util.assertParamsConsistent(shapes, at)
  const length = parts.reduce((sum, part) => sum + defined(part.shape[at]), 0)
  const shape = first.shape.map((d, i) => (i === at ? length : d))
  const [one, ...more] = parts.filter((part) => sizeOf(part.shape) > 0)
  if (one === undefined) return g.fill(0, first.dtype, shape)
  if (more.length === 0) return one
  return g.node('Concat', [one, ...more], first.dtype, shape, { attributes: { axis: at } })
}

const splitV: Translation = ({ g, input, attributes }) => {
  const x = input('x')
  const axis = attributes.axis('axis', x.shape.length)
  const length = defined(x.shape[axis])
  const sizes = [...attributes.numbers('numOrSizeSplits')]
  const [count = 1] = sizes
  // A number is the count of equal parts; a list has their lengths, one of which may be -1 for the rest.
  if (!attributes.isList('numOrSizeSplits'))
    sizes.splice(0, 1, ...new Array<number>(count).fill(length / count))
  const open = sizes.indexOf(-1)
  if (open >= 0) sizes[open] = length - sizes.reduce((sum, s) => sum + (s === -1 ? 0 : s), 0)
  util.assert(
    sizes.every((s) => Number.isInteger(s) && s >= 0) && sizes.reduce((sum, s) => sum + s, 0) === length,
    () =>
      `Error in split: ${attributes.numbers('numOrSizeSplits')} do not divide the ${length} of axis ${axis}`,
  )
  if (sizes.length === 1) return [x]
  return g.many(
    'Split',
    [x, g.ints(sizes)],
    sizes.map((s) => [x.dtype, x.shape.map((d, i) => (i === axis ? s : d))] as const),
    { attributes: { axis } },
  )
}

/** Pads with a constant. */
export const pad = (
  g: GraphBuilder,
  x: Value,
  pairs: readonly (readonly [before: number, after: number])[],
  element: number,
): Value => {
  if (pairs.every(([before, after]) => before === 0 && after === 0)) return x
  const shape = x.shape.map((d, i) => {
    const [before, after] = defined(pairs[i])
    return before + d + after
  })
  if (sizeOf(x.shape) === 0) return g.fill(element, x.dtype, shape)
  const pads = g.ints([...pairs.map(([before]) => before), ...pairs.map(([, after]) => after)])
  return g.node('Pad', [x, pads, g.scalar(element, x.dtype)], x.dtype, shape, {
    attributes: { mode: 'constant' },
  })
}

/** ONNX only reflects without repeating the edge, so both modes pick elements by index, axis by axis. */
const mirrorPad: Translation = ({ g, input, attributes }) => {
  const repeatsEdge = attributes.text('mode') === 'symmetric' ? 1 : 0
  return attributes.pairs('paddings').reduce((x, [before, after], axis) => {
    if (before === 0 && after === 0) return x
    const length = defined(x.shape[axis])
    const from = Int32Array.from({ length: before + length + after }, (_, i) => {
      const at = i - before
      if (at < 0) return -at - repeatsEdge
      return at < length ? at : 2 * (length - 1) - at + repeatsEdge
    })
    const shape = x.shape.map((d, i) => (i === axis ? from.length : d))
    return g.node('Gather', [x, g.constant(from, 'int32', [from.length])], x.dtype, shape, {
      attributes: { axis },
    })
  }, input('x'))
}

/** Repetition along axes of length 1 is broadcasting, which later operations may avoid. */
const tile: Translation = ({ g, input, attributes }) => {
  const x = input('x')
  const reps = attributes.numbers('reps')
  const shape = x.shape.map((d, i) => d * defined(reps[i]))
  if (reps.every((r, i) => r === 1 || (x.shape[i] === 1 && r > 0))) return g.expand(x, shape)
  const filled = g.fillOf(x)
  if (filled !== undefined) return g.fill(filled, x.dtype, shape)
  return g.node('Tile', [x, g.ints(reps)], x.dtype, shape)
}

const pack: Translation = ({ g, inputs, attributes }) => {
  const rank = defined(inputs[0]).shape.length + 1
  const axis = attributes.axis('axis', rank)
  return concat(
    g,
    inputs.map((x) => g.reshape(x, x.shape.toSpliced(axis, 0, 1))),
    axis,
  )
}

const unpack: Translation = ({ g, input, attributes }) => {
  const x = input('value')
  const axis = attributes.axis('axis', x.shape.length)
  const size = x.shape.map((d, i) => (i === axis ? 1 : d))
  return Array.from({ length: defined(x.shape[axis]) }, (_, n) => {
    const begin = x.shape.map((_d, i) => (i === axis ? n : 0))
    return g.reshape(slice(g, x, begin, size), x.shape.toSpliced(axis, 1))
  })
}

const spaceToBatch: Translation = ({ g, input, attributes }) => {
  const x = input('x')
  const block = [...attributes.numbers('blockShape')]
  const given = attributes.pairs('paddings')
  const pairs = x.shape.map((_, i) => given[i - 1] ?? ([0, 0] as const))
  const padded = pad(g, x, pairs, 0)
  const shape = [...padded.shape]
  const apart = g.reshape(padded, backend_util.getReshaped(shape, block, sizeOf(block), false))
  const moved = g.transpose(apart, backend_util.getPermuted(apart.shape.length, block.length, false))
  return g.reshape(moved, backend_util.getReshapedPermuted(shape, block, sizeOf(block), false))
}

const batchToSpace: Translation = ({ g, input, attributes }) => {
  const x = input('x')
  const [shape, block] = [[...x.shape], [...attributes.numbers('blockShape')]]
  const crops = attributes.pairs('crops').map((pair) => [...pair])
  const apart = g.reshape(x, backend_util.getReshaped(shape, block, sizeOf(block)))
  const moved = g.transpose(apart, backend_util.getPermuted(apart.shape.length, block.length))
  const whole = g.reshape(moved, backend_util.getReshapedPermuted(shape, block, sizeOf(block)))
  const [begin, size] = [
    backend_util.getSliceBeginCoords(crops, block.length),
    backend_util.getSliceSize([...whole.shape], crops, block.length),
  ]
  return slice(
    g,
    whole,
    whole.shape.map((_, i) => begin[i] ?? 0),
    whole.shape.map((d, i) => size[i] ?? d),
  )
}

const depthToSpace: Translation = ({ g, input, attributes, kernel }) => {
  const x = input('x')
  if (attributes.text('dataFormat') !== 'NHWC') {
    throw unsupported(
      kernel,
      'its data format must be NHWC, received another one. Transpose before and after',
    )
  }
  const block = attributes.number('blockSize')
  const [n = 1, h = 1, w = 1, c = 1] = x.shape
  const depth = c / (block * block)
  const apart = g.reshape(x, [n, h, w, block, block, depth])
  return g.reshape(g.transpose(apart, [0, 1, 3, 2, 4, 5]), [n, h * block, w * block, depth])
}

/** Kernels that move elements without computing with them. */
export const shapes: TranslationTable = {
  Reshape: ({ g, input, attributes }) => {
    const x = input('x')
    return g.reshape(x, util.inferFromImplicitShape([...attributes.numbers('shape')], sizeOf(x.shape)))
  },
  ExpandDims: ({ g, input, attributes }) => {
    const x = input('input')
    const axis = attributes.axis('dim', x.shape.length + 1)
    return g.reshape(x, x.shape.toSpliced(axis, 0, 1))
  },
  Transpose: ({ g, input, attributes }) => g.transpose(input('x'), attributes.numbers('perm')),
  Concat: ({ g, inputs, attributes }) => concat(g, inputs, attributes.number('axis')),
  SplitV: splitV,
  PadV2: ({ g, input, attributes }) =>
    pad(g, input('x'), attributes.pairs('paddings'), attributes.number('constantValue')),
  MirrorPad: mirrorPad,
  Tile: tile,
  Pack: pack,
  Unpack: unpack,
  SpaceToBatchND: spaceToBatch,
  BatchToSpaceND: batchToSpace,
  DepthToSpace: depthToSpace,
}
