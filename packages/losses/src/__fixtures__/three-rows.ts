import { gradientError } from '@kic/nn/testing'
import * as tf from '@tensorflow/tfjs'
import { expect } from 'vitest'

// Expected numbers in the tests come from PyTorch 1.13 in float64 on these: x logits, z second, y labels, w weights, and
//   p = F.softmax(x, 1).gather(1, y[:, None])[:, 0]
export const logits = () =>
  tf.tensor2d([
    [1.5, -0.5, 0.25],
    [0.1, 2, -1],
    [-0.3, 0.4, 0.9],
  ])
export const second = () =>
  tf.tensor2d([
    [0.5, 0.2, 0.1],
    [1, 1, -2],
    [0, -1, 2],
  ])
export const labels = () => tf.tensor1d([0, 1, 0], 'int32')
export const weights = () => tf.tensor1d([1, 2, 0.5])
export const value = (x: tf.Tensor): number => x.dataSync()[0] ?? Number.NaN
/** Largest deviation of the gradient by each input from finite differences. */
export const gradientsOff = (loss: (...inputs: tf.Tensor[]) => tf.Tensor, ...inputs: tf.Tensor[]): number =>
  gradientError(loss, inputs, { step: 0.03 })
export const code = (fn: () => unknown, expected: string): void => {
  expect(fn).toThrowError(expect.objectContaining({ code: expected }))
}
/** The rows above with a fourth that does not count. */
export const withIgnored = (): [x: tf.Tensor, y: tf.Tensor] => [
  tf.concat([logits(), tf.tensor2d([[9, -9, 3]])], 0),
  tf.tensor1d([0, 1, 0, -100], 'int32'),
]
