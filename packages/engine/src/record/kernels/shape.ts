import { KicError } from '@kic/core'
import type { Value } from '../graph.ts'
import type { GraphBuilder } from '../graph-builder.ts'
import type { Translation, TranslationTable } from '../translation.ts'

/** `x[begin : begin + size]` along every axis. */
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
  const pick = (values: readonly number[]): Value => g.ints(touched.map((axis) => values[axis] ?? 0))
  // A negative stride that runs past the first element needs an end below every index.
  const stop = end.map((e, i) => ((strides[i] ?? 1) < 0 && e < 0 ? -(2 ** 31) : e))
  return g.node('Slice', [x, pick(begin), pick(stop), g.ints(touched), pick(strides)], x.dtype, size)
}

const sliceKernel: Translation = ({ g, input, attributes }) => {
  const x = input('x')
  const begin = attributes.numbers('begin')
  const size = attributes.numbers('size').map((s, i) => (s === -1 ? (x.shape[i] ?? 0) - (begin[i] ?? 0) : s))
  return slice(g, x, begin, size)
}

/** TensorFlow.js resolves masks before most backends see them; here they are resolved as tf.slice_util does. */
const stridedSlice: Translation = ({ g, input, attributes, kernel }) => {
  const x = input('x')
  const masks = ['ellipsisMask', 'newAxisMask'].filter((m) => attributes.has(m) && attributes.number(m) !== 0)
  if (masks.length > 0) {
    throw new KicError(
      'engine/unsupported',
      `${kernel}: ${masks.join(' and ')} cannot be recorded; use slice and reshape`,
    )
  }
  const mask = (name: string, axis: number): boolean =>
    attributes.has(name) && (attributes.number(name) & (1 << axis)) !== 0
  const strides = x.shape.map((_, i) => attributes.numbers('strides')[i] ?? 1)
  const begin: number[] = []
  const size: number[] = []
  x.shape.forEach((d, i) => {
    const stride = strides[i] ?? 1
    const clamp = (v: number): number =>
      Math.min(Math.max(v < 0 ? v + d : v, stride > 0 ? 0 : -1), stride > 0 ? d : d - 1)
    const given = (name: string): number | undefined => attributes.numbers(name)[i]
    const first = mask('beginMask', i) ? undefined : given('begin')
    const last = mask('endMask', i) ? undefined : given('end')
    const b = first === undefined ? (stride > 0 ? 0 : d - 1) : clamp(first)
    if (mask('shrinkAxisMask', i)) {
      begin.push(b)
      size.push(1)
      strides[i] = 1
      return
    }
    const e = last === undefined ? (stride > 0 ? d : -1) : clamp(last)
    begin.push(b)
    size.push(Math.max(0, Math.ceil((e - b) / stride)))
  })
  const shape = size.filter((_, i) => !mask('shrinkAxisMask', i))
  return g.reshape(slice(g, x, begin, size, strides), shape)
}

const concat = (g: GraphBuilder, parts: readonly Value[], axis: number): Value => {
  const [first] = parts
  if (first === undefined || parts.length === 1) return first ?? g.scalar(0)
  const at = axis < 0 ? axis + first.shape.length : axis
  const length = parts.reduce((sum, part) => sum + (part.shape[at] ?? 0), 0)
  const shape = first.shape.map((d, i) => (i === at ? length : d))
  const nonEmpty = parts.filter((part) => part.shape[at] !== 0)
  return g.node('Concat', nonEmpty, first.dtype, shape, { attributes: { axis: at } })
}

const splitV: Translation = ({ g, input, attributes }) => {
  const x = input('x')
  const axis = attributes.axes('axis', x.shape.length)[0] ?? 0
  const length = x.shape[axis] ?? 0
  const given = attributes.numbers('numOrSizeSplits')
  const sizes =
    given.length === 1 ? new Array<number>(given[0] ?? 1).fill(length / (given[0] ?? 1)) : [...given]
  const open = sizes.indexOf(-1)
  if (open >= 0) sizes[open] = length - sizes.reduce((sum, s) => sum + (s === -1 ? 0 : s), 0)
  if (sizes.length === 1) return [x]
  return g.many(
    'Split',
    [x, g.ints(sizes)],
    sizes.map((s) => [x.dtype, x.shape.map((d, i) => (i === axis ? s : d))] as const),
    { attributes: { axis } },
  )
}

const pad =
  (mode: (call: Parameters<Translation>[0]) => string): Translation =>
  (call) => {
    const { g, input, attributes } = call
    const x = input('x')
    const pairs = attributes.pairs('paddings')
    if (pairs.every(([before, after]) => before === 0 && after === 0)) return x
    const shape = x.shape.map((d, i) => d + (pairs[i]?.[0] ?? 0) + (pairs[i]?.[1] ?? 0))
    const pads = g.ints([...pairs.map(([before]) => before), ...pairs.map(([, after]) => after)])
    const fill = attributes.has('constantValue') ? attributes.number('constantValue') : 0
    return g.node('Pad', [x, pads, g.scalar(fill, x.dtype)], x.dtype, shape, {
      attributes: { mode: mode(call) },
    })
  }

const tile: Translation = ({ g, input, attributes }) => {
  const x = input('x')
  const reps = attributes.numbers('reps')
  const shape = x.shape.map((d, i) => d * (reps[i] ?? 1))
  if (reps.every((r) => r === 1)) return x
  const filled = g.fillOf(x)
  if (filled !== undefined) return g.fill(filled, x.dtype, shape)
  return g.node('Tile', [x, g.ints(reps)], x.dtype, shape)
}

const broadcastTo: Translation = ({ g, input, attributes }) =>
  g.expand(input('x'), attributes.numbers('shape'))

const reverse: Translation = ({ g, input, attributes }) => {
  const x = input('x')
  const axes = attributes.axes('dims', x.shape.length)
  const begin = x.shape.map((d, i) => (axes.includes(i) ? d - 1 : 0))
  const strides = x.shape.map((_, i) => (axes.includes(i) ? -1 : 1))
  return slice(g, x, begin, x.shape, strides)
}

const pack: Translation = ({ g, inputs, attributes }) => {
  const rank = (inputs[0]?.shape.length ?? 0) + 1
  const axis = attributes.axes('axis', rank)[0] ?? 0
  return concat(
    g,
    inputs.map((x) => g.reshape(x, x.shape.toSpliced(axis, 0, 1))),
    axis,
  )
}

const unpack: Translation = ({ g, input, attributes }) => {
  const x = input('value')
  const axis = attributes.axes('axis', x.shape.length)[0] ?? 0
  const size = x.shape.map((d, i) => (i === axis ? 1 : d))
  return Array.from({ length: x.shape[axis] ?? 0 }, (_, i) =>
    g.reshape(
      slice(
        g,
        x,
        x.shape.map((_d, a) => (a === axis ? i : 0)),
        size,
      ),
      x.shape.filter((_d, a) => a !== axis),
    ),
  )
}

/** Kernels that move elements without computing with them. */
export const shapes: TranslationTable = {
  Reshape: ({ g, input, attributes }) => {
    const x = input('x')
    const wanted = attributes.numbers('shape')
    const known = wanted.reduce((product, d) => (d === -1 ? product : product * d), 1)
    const size = x.shape.reduce((product, d) => product * d, 1)
    return g.reshape(
      x,
      wanted.map((d) => (d === -1 ? size / known : d)),
    )
  },
  ExpandDims: ({ g, input, attributes }) => {
    const x = input('input')
    const axis = attributes.axes('dim', x.shape.length + 1)[0] ?? 0
    return g.reshape(x, x.shape.toSpliced(axis, 0, 1))
  },
  Transpose: ({ g, input, attributes }) => g.transpose(input('x'), attributes.numbers('perm')),
  Concat: ({ g, inputs, attributes }) => concat(g, inputs, attributes.number('axis')),
  SplitV: splitV,
  Slice: sliceKernel,
  StridedSlice: stridedSlice,
  PadV2: pad(() => 'constant'),
  MirrorPad: pad(({ attributes }) => (attributes.text('mode') === 'reflect' ? 'reflect' : 'symmetric')),
  Tile: tile,
  BroadcastTo: broadcastTo,
  Reverse: reverse,
  Pack: pack,
  Unpack: unpack,
  Fill: ({ g, attributes }) => {
    const dtype = attributes.has('dtype') ? attributes.text('dtype') : 'float32'
    return g.fill(
      attributes.number('value'),
      dtype === 'int32' || dtype === 'bool' ? dtype : 'float32',
      attributes.numbers('shape'),
    )
  },
  Range: ({ g, attributes }) => {
    const [start, stop, by] = [
      attributes.number('start'),
      attributes.number('stop'),
      attributes.number('step'),
    ]
    const length = Math.max(0, Math.ceil((stop - start) / by))
    const values = Array.from({ length }, (_, i) => start + i * by)
    const dtype = attributes.text('dtype') === 'int32' ? 'int32' : 'float32'
    return g.constant(dtype === 'int32' ? Int32Array.from(values) : Float32Array.from(values), dtype, [
      length,
    ])
  },
}
