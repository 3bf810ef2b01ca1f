import type { DType } from '@kic/safetensors'
import { sizeOf } from '../graph.ts'
import type { KernelCall, Translation, TranslationTable } from '../translation.ts'
import { unsupported } from '../unsupported.ts'
import { where } from './where.ts'

/** The element type that a kernel is asked to return. */
export const wantedType = ({ attributes, kernel }: KernelCall, otherwise: DType): DType => {
  const dtype = attributes.has('dtype') ? attributes.text('dtype') : otherwise
  if (dtype === 'float32' || dtype === 'int32' || dtype === 'bool') return dtype
  throw unsupported(
    kernel,
    `a tensor must be float32, int32 or bool, received ${dtype}. Use one of these types`,
  )
}

const fill: Translation = (call) =>
  call.g.fill(call.attributes.number('value'), wantedType(call, 'float32'), call.attributes.numbers('shape'))

const range: Translation = (call) => {
  const { g, attributes } = call
  const [start, stop, given] = [
    attributes.number('start'),
    attributes.number('stop'),
    attributes.number('step'),
  ]
  // A step of 1, the default, counts down if the end is below the start.
  const step = stop < start && given === 1 ? -1 : given
  const length = Math.max(0, Math.ceil((stop - start) / step))
  const values = Array.from({ length }, (_, i) => start + i * step)
  return wantedType(call, 'float32') === 'int32'
    ? g.constant(Int32Array.from(values), 'int32', [length])
    : g.constant(Float32Array.from(values), 'float32', [length])
}

const linspace: Translation = ({ g, attributes }) => {
  const [start, stop, length] = [
    attributes.number('start'),
    attributes.number('stop'),
    attributes.number('num'),
  ]
  const step = length > 1 ? (stop - start) / (length - 1) : 0
  return g.constant(
    Float32Array.from({ length }, (_, i) => start + i * step),
    'float32',
    [length],
  )
}

/** A tensor's elements on a diagonal in zeros, with every axis doubled. */
const diag: Translation = ({ g, input }) => {
  const x = input('x')
  const size = sizeOf(x.shape)
  const onDiagonal = Uint8Array.from({ length: size * size }, (_, i) =>
    Math.floor(i / size) === i % size ? 1 : 0,
  )
  const square = where(
    g,
    g.constant(onDiagonal, 'bool', [size, size]),
    g.reshape(x, [1, size]),
    g.scalar(0, x.dtype),
  )
  return g.reshape(square, [...x.shape, ...x.shape])
}

const cast: Translation = (call) => call.g.cast(call.input('x'), wantedType(call, 'float32'))

/** Kernels that create tensors, from nothing or from the shape or type of another tensor. */
export const creation: TranslationTable = {
  Fill: fill,
  Range: range,
  LinSpace: linspace,
  ZerosLike: ({ g, input }) => g.fill(0, input('x').dtype, input('x').shape),
  OnesLike: ({ g, input }) => g.fill(1, input('x').dtype, input('x').shape),
  Diag: diag,
  Cast: cast,
  Identity: ({ input }) => input('x'),
}
