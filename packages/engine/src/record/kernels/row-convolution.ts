import { defined } from '@kic/core'
import { sizeOf, type Value } from '../graph.ts'
import type { GraphBuilder } from '../graph-builder.ts'
import { matMul } from './matmul.ts'
import { concat, pad } from './shape.ts'
import { BEHIND_ALL, type Cut, cut, slice } from './slice.ts'
import type { Window, WindowAxis } from './window.ts'

/**
 * Whether a convolution is one of rows: over a text's positions, or of single pixels. A matrix product then runs two to
 * four times as fast as ONNX Runtime's convolution, which takes one image at a time, and no axis has to move.
 */
export const isOfRows = ({ axes: [rows], channelsLast }: Window): boolean => channelsLast && rows.kernel === 1

/**
 * The elements under the filter at each position, side by side: x [N, H, W, C] gives [N · H' · W', w · C]. Slices end
 * relative to the end of the axis, so its length may be symbolic in an exported model.
 */
const patches = (g: GraphBuilder, x: Value, { axes }: Window): Value => {
  const [rows, columns] = axes
  const [n = 1, , , channels = 1] = x.shape
  const around = (a: WindowAxis): readonly [number, number] => [a.before, Math.max(0, a.beyond)]
  const padded = pad(g, x, [[0, 0], around(rows), around(columns), [0, 0]], 0)
  const cutAt = (axis: number, a: WindowAxis, offset: number): Cut[] => {
    const end = offset - (a.kernel - 1) * a.dilation
    const all = offset === 0 && end === 0 && a.stride === 1 && padded.shape[axis] === a.output
    return all ? [] : [{ axis, start: offset, end: end === 0 ? BEHIND_ALL : end, step: a.stride }]
  }
  const size = [n, rows.output, columns.output, channels]
  const met = Array.from({ length: columns.kernel }, (_, i) =>
    cut(g, padded, [...cutAt(1, rows, 0), ...cutAt(2, columns, i * columns.dilation)], size),
  )
  return g.reshape(concat(g, met, 3), [n * rows.output * columns.output, columns.kernel * channels])
}

/** x [N, H, W, in] and a filter [1, w, in, out] give [N, H', W', out]. */
export const convolveRows = (g: GraphBuilder, x: Value, filter: Value, window: Window): Value => {
  const [, w = 1, channels = 1, out = 1] = filter.shape
  const product = matMul(g, patches(g, x, window), g.reshape(filter, [w * channels, out]), false, false)
  return g.reshape(product, [defined(x.shape[0]), ...window.axes.map((a) => a.output), out])
}

/** The gradient of `convolveRows` with respect to the filter, from the same patches. */
export const convolveRowsFilter = (g: GraphBuilder, x: Value, dy: Value, window: Window): Value => {
  const [channels, out] = [defined(x.shape[3]), defined(dy.shape[3])]
  const gradients = g.reshape(dy, [sizeOf(dy.shape) / out, out])
  const product = matMul(g, patches(g, x, window), gradients, true, false)
  return g.reshape(product, [1, window.axes[1].kernel, channels, out])
}

/** How the flipped filter moves over dy, if possible: in steps of one, starting in front of dy. */
const backwards = ({ axes, channelsLast }: Window): Window | undefined => {
  const [rows, columns] = axes.map((a): WindowAxis => {
    const before = (a.kernel - 1) * a.dilation - a.before
    return { ...a, input: a.output, output: a.input, before, beyond: a.input - a.output + a.before }
  })
  if (rows === undefined || columns === undefined || rows.before < 0 || columns.before < 0) return undefined
  return axes.every((a) => a.stride === 1) ? { axes: [rows, columns], channelsLast } : undefined
}

/**
 * The gradient of `convolveRows` with respect to x: dy convolved with the flipped filter; `undefined` if that needs
 * strides.
 */
export const convolveRowsBack = (
  g: GraphBuilder,
  dy: Value,
  filter: Value,
  window: Window,
): Value | undefined => {
  const reversed = backwards(window)
  if (reversed === undefined) return undefined
  const last = filter.shape.map((d, i) => (i === 1 ? d - 1 : 0))
  const flipped = filter.shape[1] === 1 ? filter : slice(g, filter, last, filter.shape, [1, -1, 1, 1])
  return convolveRows(g, dy, g.transpose(flipped, [0, 1, 3, 2]), reversed)
}
