import { defined, KicError } from '@kic/core'
import * as tf from '@tensorflow/tfjs'
import type { EngineErrorCode } from '../error-code.ts'
import { convolutionWindow, type Window, type WindowAxis } from '../record/kernels/window.ts'
import type { ComposedKernel } from './composed-kernel.ts'

const image = (kernel: string, x: tf.Tensor): tf.Tensor4D => {
  const [n, h, w, c] = x.shape
  if (n === undefined || h === undefined || w === undefined || c === undefined) {
    throw new KicError<EngineErrorCode>(
      'engine/internal',
      `${kernel}: an operand must be a batch of images, [N, H, W, C], received the shape [${x.shape}]. Reshape it.`,
    )
  }
  return x.reshape([n, h, w, c])
}

const windowOf = (
  call: Parameters<ComposedKernel>[0],
  input: readonly number[],
  filter: readonly number[],
  dy: tf.Tensor,
): Window => {
  const window = convolutionWindow(call, input, filter, dy.shape)
  if (window.channelsLast) return window
  throw new KicError<EngineErrorCode>(
    'engine/unsupported',
    `${call.kernel}: the data format must be NHWC for gradients on wasm, received another one. Transpose before and after.`,
  )
}

/** Applies `compute` to the elements of x that each filter weight multiplies, in the filter's order. */
const perWeight = (
  x: tf.Tensor4D,
  [rows, columns]: Window['axes'],
  compute: (met: tf.Tensor) => tf.Tensor,
): tf.Tensor => {
  const around = (a: WindowAxis): [number, number] => [a.before, Math.max(0, a.beyond)]
  const padded = tf.pad(x, [[0, 0], around(rows), around(columns), [0, 0]])
  const [n, , , c] = x.shape
  const results = Array.from({ length: rows.kernel * columns.kernel }, (_, i) => {
    const [r, k] = [Math.floor(i / columns.kernel) * rows.dilation, (i % columns.kernel) * columns.dilation]
    const end = (start: number, a: WindowAxis): number => start + (a.output - 1) * a.stride + 1
    return compute(
      tf.stridedSlice(
        padded,
        [0, r, k, 0],
        [n, end(r, rows), end(k, columns), c],
        [1, rows.stride, columns.stride, 1],
      ),
    )
  })
  return tf.stack(results)
}

/** The gradient of a convolution with respect to its filter: one matrix product per weight. */
export const convolutionFilterGradient: ComposedKernel = (call) => {
  const { input, attributes, kernel } = call
  const [x, dy] = [image(kernel, input('x')), image(kernel, input('dy'))]
  const shape = attributes.numbers('filterShape')
  const { axes } = windowOf(call, x.shape, shape, dy)
  const flat = dy.reshape([-1, dy.shape[3]]) // [N·H'·W', out]
  return perWeight(x, axes, (met) => tf.matMul(met.reshape([-1, x.shape[3]]), flat, true, false)).reshape([
    ...shape,
  ])
}

/** The gradient of a depthwise convolution with respect to its filter. */
export const depthwiseFilterGradient: ComposedKernel = (call) => {
  const { input, attributes, kernel } = call
  const [x, dy] = [image(kernel, input('x')), image(kernel, input('dy'))]
  const shape = attributes.numbers('filterShape')
  const { axes } = windowOf(call, x.shape, shape, dy)
  const [channels, multiplier] = [defined(shape[2]), defined(shape[3])]
  const gradients = dy.reshape([-1, channels, multiplier])
  return perWeight(x, axes, (met) => met.reshape([-1, channels, 1]).mul(gradients).sum(0)).reshape([...shape])
}

/**
 * dy with `stride - 1` zeros after each row, padded to the length that the flipped filter needs to return the input:
 * `input + reach` rows, with dy's first row at `reach - before`.
 */
const spread = (x: tf.Tensor, at: 1 | 2, axis: WindowAxis): tf.Tensor => {
  const pad = (y: tf.Tensor, axisOfY: number, before: number, after: number): tf.Tensor =>
    tf.pad(
      y,
      y.shape.map((_, i): [number, number] => (i === axisOfY ? [before, after] : [0, 0])),
    )
  const shape = (...lengths: number[]): number[] => x.shape.toSpliced(at, 1, ...lengths)
  const apart = pad(x.reshape(shape(axis.output, 1)), at + 1, 0, axis.stride - 1)
  const dilated = apart.reshape(shape(axis.output * axis.stride))
  const reach = (axis.kernel - 1) * axis.dilation
  const [first, length] = [reach - axis.before, axis.input + reach]
  const behind = length - first - axis.output * axis.stride
  const long = pad(dilated, at, Math.max(0, first), Math.max(0, behind))
  const begin = x.shape.map((_, i) => (i === at ? Math.max(0, -first) : 0))
  return long.slice(begin, shape(length))
}

/**
 * The gradient of a depthwise convolution with respect to its input: the flipped filter over dy, once per channel
 * multiple.
 */
export const depthwiseInputGradient: ComposedKernel = (call) => {
  const { input, attributes, kernel } = call
  const [dy, filter] = [image(kernel, input('dy')), image(kernel, input('filter'))]
  const [n, height, width, channels, multiplier] = [
    dy.shape[0],
    dy.shape[1],
    dy.shape[2],
    filter.shape[2],
    filter.shape[3],
  ]
  const { axes } = windowOf(call, attributes.numbers('inputShape'), filter.shape, dy)
  const [rows, columns] = axes
  const flipped = tf.split(tf.reverse(filter, [0, 1]), multiplier, 3)
  const parts = tf.unstack(dy.reshape([n, height, width, channels, multiplier]), 4)
  const gradients = parts.map((part, m) => {
    const wide = image(kernel, spread(spread(part, 1, rows), 2, columns))
    const weights = image(kernel, flipped[m] ?? filter)
    return tf.depthwiseConv2d(wide, weights, 1, 'valid', 'NHWC', [rows.dilation, columns.dilation])
  })
  return tf.addN(gradients)
}
