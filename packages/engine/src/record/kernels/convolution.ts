import { defined } from '@kic/core'
import type { Value } from '../graph.ts'
import type { GraphBuilder } from '../graph-builder.ts'
import type { KernelCall, Translation, TranslationTable } from '../translation.ts'
import { applyActivation } from './activation.ts'
import { convolveRows, convolveRowsBack, convolveRowsFilter, isOfRows } from './row-convolution.ts'
import { slice } from './slice.ts'
import { asCalled, channelsFirst, convolutionWindow, ofAxes, padsOf, type Window } from './window.ts'

/** x [N, in, H, W] and weights [out, in / groups, h, w] give [N, out, H', W']. */
const convolve = (g: GraphBuilder, x: Value, weights: Value, window: Window, group: number): Value => {
  const output = ofAxes(window, (a) => a.output)
  return g.node(
    'Conv',
    [x, weights],
    'float32',
    [defined(x.shape[0]), defined(weights.shape[0]), ...output],
    {
      attributes: {
        kernel_shape: ofAxes(window, (a) => a.kernel),
        strides: ofAxes(window, (a) => a.stride),
        dilations: ofAxes(window, (a) => a.dilation),
        pads: padsOf(window),
        group,
      },
    },
  )
}

/** The gradient of `convolve` with respect to x: dy [N, out, H', W'] to [N, in, H, W]. */
export const convolveBack = (
  g: GraphBuilder,
  dy: Value,
  weights: Value,
  window: Window,
  group: number,
): Value => {
  const shape = [defined(dy.shape[0]), defined(weights.shape[1]) * group, ...ofAxes(window, (a) => a.input)]
  return g.node('ConvTranspose', [dy, weights], 'float32', shape, {
    attributes: {
      kernel_shape: ofAxes(window, (a) => a.kernel),
      strides: ofAxes(window, (a) => a.stride),
      dilations: ofAxes(window, (a) => a.dilation),
      pads: padsOf(window),
      output_padding: ofAxes(window, (a) => Math.max(0, -a.beyond)),
      group,
    },
  })
}

/**
 * The gradient of `convolve` with respect to the weights: a convolution of x by dy with strides and dilations
 * exchanged.
 *
 * @param x [in, N, H, W], or [1, in · N, H, W] with groups
 * @param dy [out, N, H', W']
 * @returns [in, out, h, w], or [1, out, h, w] with groups
 */
const convolveFilter = (g: GraphBuilder, x: Value, dy: Value, window: Window, group: number): Value => {
  const kernel = ofAxes(window, (a) => a.kernel)
  // If the windows end before the input, the last products belong to no weight.
  const computed = ofAxes(window, (a) => a.kernel + Math.floor(Math.max(0, -a.beyond) / a.dilation))
  const leading = [defined(x.shape[0]), defined(dy.shape[0])]
  const products = g.node('Conv', [x, dy], 'float32', [...leading, ...computed], {
    attributes: {
      kernel_shape: ofAxes(window, (a) => a.output),
      strides: ofAxes(window, (a) => a.dilation),
      dilations: ofAxes(window, (a) => a.stride),
      pads: padsOf(window),
      group,
    },
  })
  return slice(g, products, [0, 0, 0, 0], [...leading, ...kernel])
}

/** A convolution's filter [h, w, in, out] in ONNX's order [out, in, h, w]. */
const filterFirst = (g: GraphBuilder, filter: Value): Value => g.transpose(filter, [3, 2, 0, 1])

/** A depthwise filter [h, w, in, multiplier] in ONNX's order [in · multiplier, 1, h, w]. */
const depthwiseFirst = (g: GraphBuilder, filter: Value): Value => {
  const [h = 1, w = 1, channels = 1, multiplier = 1] = filter.shape
  return g.reshape(g.transpose(filter, [2, 3, 0, 1]), [channels * multiplier, 1, h, w])
}

/** Batch and channels exchanged, channels first: [C, N, H, W]. */
const channelsBeforeBatch = (g: GraphBuilder, x: Value, window: Window): Value =>
  g.transpose(x, window.channelsLast ? [3, 0, 1, 2] : [1, 0, 2, 3])

const forward = (call: KernelCall, depthwise: boolean): readonly [Value, Window] => {
  const { g, input } = call
  const [x, filter] = [input('x'), input('filter')]
  const window = convolutionWindow(call, x.shape, filter.shape)
  if (!depthwise && isOfRows(window)) return [convolveRows(g, x, filter, window), window]
  const weights = depthwise ? depthwiseFirst(g, filter) : filterFirst(g, filter)
  const group = depthwise ? defined(filter.shape[2]) : 1
  return [asCalled(g, convolve(g, channelsFirst(g, x, window), weights, window, group), window), window]
}

/** With a bias and an activation, which TensorFlow.js passes on if no gradient is requested. */
const fused =
  (depthwise: boolean): Translation =>
  (call) => {
    const { g, optional } = call
    const [y, window] = forward(call, depthwise)
    // A vector is aligned with the channels, first or last.
    const aligned = (x: Value): Value =>
      window.channelsLast || x.shape.length !== 1 ? x : g.reshape(x, [defined(x.shape[0]), 1, 1])
    const bias = optional('bias')
    return applyActivation(call, bias === undefined ? y : g.binary('Add', y, aligned(bias)), aligned)
  }

const backpropInput: Translation = (call) => {
  const { g, input, attributes } = call
  const [dy, filter] = [input('dy'), input('filter')]
  const window = convolutionWindow(call, attributes.numbers('inputShape'), filter.shape, dy.shape)
  const ofRows = isOfRows(window) ? convolveRowsBack(g, dy, filter, window) : undefined
  if (ofRows !== undefined) return ofRows
  const dx = convolveBack(g, channelsFirst(g, dy, window), filterFirst(g, filter), window, 1)
  return asCalled(g, dx, window)
}

const backpropFilter: Translation = (call) => {
  const { g, input, attributes } = call
  const [x, dy] = [input('x'), input('dy')]
  const window = convolutionWindow(call, x.shape, attributes.numbers('filterShape'), dy.shape)
  if (isOfRows(window)) return convolveRowsFilter(g, x, dy, window)
  const [images, gradients] = [channelsBeforeBatch(g, x, window), channelsBeforeBatch(g, dy, window)]
  return g.transpose(convolveFilter(g, images, gradients, window, 1), [2, 3, 0, 1])
}

const depthwiseBackpropInput: Translation = (call) => {
  const { g, input, attributes } = call
  const [dy, filter] = [input('dy'), input('filter')]
  const window = convolutionWindow(call, attributes.numbers('inputShape'), filter.shape, dy.shape)
  const channels = defined(filter.shape[2])
  const dx = convolveBack(g, channelsFirst(g, dy, window), depthwiseFirst(g, filter), window, channels)
  return asCalled(g, dx, window)
}

const depthwiseBackpropFilter: Translation = (call) => {
  const { g, input, attributes } = call
  const [x, dy] = [input('x'), input('dy')]
  const [h = 1, w = 1, channels = 1, multiplier = 1] = attributes.numbers('filterShape')
  const window = convolutionWindow(call, x.shape, [h, w, channels, multiplier], dy.shape)
  const images = channelsBeforeBatch(g, x, window)
  const oneImage = g.reshape(images, [1, defined(x.shape[0]) * channels, ...images.shape.slice(2)])
  const products = convolveFilter(g, oneImage, channelsBeforeBatch(g, dy, window), window, channels)
  return g.transpose(g.reshape(products, [channels, multiplier, h, w]), [2, 3, 0, 1])
}

/** Convolutions over height and width, and their gradients; 1-D convolutions arrive here with a height of 1. */
export const convolutions: TranslationTable = {
  Conv2D: (call) => forward(call, false)[0],
  Conv2DBackpropInput: backpropInput,
  Conv2DBackpropFilter: backpropFilter,
  FusedConv2D: fused(false),
  DepthwiseConv2dNative: (call) => forward(call, true)[0],
  DepthwiseConv2dNativeBackpropInput: depthwiseBackpropInput,
  DepthwiseConv2dNativeBackpropFilter: depthwiseBackpropFilter,
  FusedDepthwiseConv2D: fused(true),
}
