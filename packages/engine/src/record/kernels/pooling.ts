import { sizeOf } from '../graph.ts'
import type { Translation, TranslationTable } from '../translation.ts'
import { convolveBack } from './convolution.ts'
import { scatterRows } from './scatter.ts'
import {
  asCalled,
  channelsFirst,
  ofAxes,
  padsOf,
  poolingWindow,
  type Window,
  type WindowAxis,
} from './window.ts'

const attributesOf = (window: Window) => ({
  kernel_shape: ofAxes(window, (a) => a.kernel),
  strides: ofAxes(window, (a) => a.stride),
  pads: padsOf(window),
})

/** Padding counts neither in the maximum nor in the mean. */
const pool =
  (op: 'MaxPool' | 'AveragePool'): Translation =>
  (call) => {
    const { g, input } = call
    const x = input('x')
    const window = poolingWindow(call, x.shape)
    const images = channelsFirst(g, g.cast(x, 'float32'), window)
    const shape = [...images.shape.slice(0, 2), ...ofAxes(window, (a) => a.output)]
    const pooled = g.node(op, [images], 'float32', shape, { attributes: attributesOf(window) })
    return g.cast(asCalled(g, pooled, window), x.dtype)
  }

/** Each gradient goes to the first largest element of its window, whose position ONNX Runtime returns. */
const maxPoolGrad: Translation = (call) => {
  const { g, input } = call
  const [dy, x] = [input('dy'), input('input')]
  const window = poolingWindow(call, x.shape, dy.shape)
  const [images, gradients] = [channelsFirst(g, x, window), channelsFirst(g, dy, window)]
  const [, places] = g.many(
    'MaxPool',
    [images],
    [
      ['float32', gradients.shape],
      ['int64', gradients.shape],
    ],
    { attributes: attributesOf(window) },
  )
  if (places === undefined) return []
  const n = sizeOf(gradients.shape)
  const dx = scatterRows(
    g,
    g.reshape(g.cast(places, 'int32'), [n]),
    g.reshape(gradients, [n, 1]),
    sizeOf(images.shape),
  )
  return asCalled(g, g.reshape(dx, images.shape), window)
}

/** Input elements in each window along an axis, without padding. */
const elementsPerWindow = ({ input, output, kernel, stride, before }: WindowAxis): readonly number[] =>
  Array.from({ length: output }, (_, i) => {
    const start = i * stride - before
    return Math.min(start + kernel, input) - Math.max(start, 0)
  })

/**
 * Each gradient is divided among the elements of its mean, as in native TensorFlow. TensorFlow.js's cpu backend divides
 * by the window's full size, which is wrong if the window overlaps padding.
 */
const avgPoolGrad: Translation = (call) => {
  const { g, input } = call
  const [dy, x] = [input('dy'), input('input')]
  const window = poolingWindow(call, x.shape, dy.shape)
  const gradients = channelsFirst(g, dy, window)
  const [height, width] = window.axes
  const columns = elementsPerWindow(width)
  const shares = elementsPerWindow(height).flatMap((r) => columns.map((c) => 1 / (r * c)))
  const output = ofAxes(window, (a) => a.output)
  const share = g.constant(Float32Array.from(shares), 'float32', output)
  const planes = g.reshape(g.binary('Mul', gradients, share), [
    sizeOf(gradients.shape.slice(0, 2)),
    1,
    ...output,
  ])
  const ones = g.fill(1, 'float32', [1, 1, ...ofAxes(window, (a) => a.kernel)])
  const dx = convolveBack(g, planes, ones, window, 1)
  return asCalled(g, g.reshape(dx, [...gradients.shape.slice(0, 2), ...dx.shape.slice(2)]), window)
}

/** Pooling over height and width, and its gradients. */
export const poolings: TranslationTable = {
  MaxPool: pool('MaxPool'),
  MaxPoolGrad: maxPoolGrad,
  AvgPool: pool('AveragePool'),
  AvgPoolGrad: avgPoolGrad,
}
