import { defined } from '@kic/core'
import { backend_util } from '@tensorflow/tfjs'
import type { Value } from '../graph.ts'
import type { GraphBuilder } from '../graph-builder.ts'
import type { KernelCall } from '../translation.ts'
import { unsupported } from '../unsupported.ts'

/** One axis that a filter or pool moves along. */
export interface WindowAxis {
  readonly input: number
  readonly output: number
  readonly kernel: number
  readonly stride: number
  readonly dilation: number
  /** Elements of padding before the input. */
  readonly before: number
  /** Elements that the last window reads beyond the input; negative if it ends before the input. */
  readonly beyond: number
}

/** How a filter or pool moves over height and width. */
export interface Window {
  readonly axes: readonly [WindowAxis, WindowAxis]
  readonly channelsLast: boolean
}

type Info = ReturnType<typeof backend_util.computeConv2DInfo>

type Shape4 = [number, number, number, number]

const four = (kernel: string, what: string, shape: readonly number[]): Shape4 => {
  const [a, b, c, d] = shape
  if (shape.length === 4 && a !== undefined && b !== undefined && c !== undefined && d !== undefined) {
    return [a, b, c, d]
  }
  throw unsupported(kernel, `its ${what} must be of rank 4, received the shape [${shape}]. Reshape it`)
}

const two = (values: readonly number[]): [number, number] => [
  defined(values[0]),
  defined(values[1] ?? values[0]),
]

const axis = (
  input: number,
  output: number,
  kernel: number,
  stride: number,
  dilation: number,
  before: number,
): WindowAxis => {
  const beyond = (output - 1) * stride + (kernel - 1) * dilation + 1 - input - before
  return { input, output, kernel, stride, dilation, before, beyond }
}

const windowOf = (info: Info, output: readonly [number, number]): Window => ({
  channelsLast: info.dataFormat === 'channelsLast',
  axes: [
    axis(
      info.inHeight,
      output[0],
      info.filterHeight,
      info.strideHeight,
      info.dilationHeight,
      info.padInfo.top,
    ),
    axis(info.inWidth, output[1], info.filterWidth, info.strideWidth, info.dilationWidth, info.padInfo.left),
  ],
})

/** The parts of a call that determine a window. */
type WindowCall = Pick<KernelCall, 'kernel' | 'attributes'>

const rounding = ({ attributes }: WindowCall): 'floor' | 'round' | 'ceil' | undefined => {
  const mode = attributes.has('dimRoundingMode') ? attributes.text('dimRoundingMode') : undefined
  return mode === 'floor' || mode === 'round' || mode === 'ceil' ? mode : undefined
}

/**
 * The window of a convolution, from its attributes.
 *
 * @param result the shape of its result, which takes precedence if the kernel receives it
 */
export const convolutionWindow = (
  call: WindowCall,
  input: readonly number[],
  filter: readonly number[],
  result?: readonly number[],
): Window => {
  const { attributes, kernel } = call
  const channelsLast = !attributes.has('dataFormat') || attributes.text('dataFormat') === 'NHWC'
  const info = backend_util.computeConv2DInfo(
    four(kernel, 'input', input),
    four(kernel, 'filter', filter),
    two(attributes.numbers('strides')),
    attributes.has('dilations') ? two(attributes.numbers('dilations')) : 1,
    attributes.padding('pad'),
    rounding(call),
    false,
    channelsLast ? 'channelsLast' : 'channelsFirst',
  )
  const [height, width] = result?.slice(channelsLast ? 1 : 2) ?? []
  return windowOf(info, [height ?? info.outHeight, width ?? info.outWidth])
}

/** The window of a pooling; `result` as for convolutions. */
export const poolingWindow = (
  call: WindowCall,
  input: readonly number[],
  result?: readonly number[],
): Window => {
  const { attributes, kernel } = call
  const info = backend_util.computePool2DInfo(
    four(kernel, 'input', input),
    two(attributes.numbers('filterSize')),
    two(attributes.numbers('strides')),
    1,
    attributes.padding('pad'),
    rounding(call),
  )
  return windowOf(info, [result?.[1] ?? info.outHeight, result?.[2] ?? info.outWidth])
}

/** One number per axis. */
export const ofAxes = (window: Window, pick: (axis: WindowAxis) => number): number[] => window.axes.map(pick)

/** ONNX's `pads`: before both axes, then after them; exactly what the windows read. */
export const padsOf = (window: Window): number[] => [
  ...ofAxes(window, (a) => a.before),
  ...ofAxes(window, (a) => Math.max(0, a.beyond)),
]

/** To ONNX's order of axes: batch, channels, height, width. */
export const channelsFirst = (g: GraphBuilder, x: Value, window: Window): Value =>
  window.channelsLast ? g.transpose(x, [0, 3, 1, 2]) : x

/** Back to the order of axes of the kernel's call. */
export const asCalled = (g: GraphBuilder, x: Value, window: Window): Value =>
  window.channelsLast ? g.transpose(x, [0, 2, 3, 1]) : x
