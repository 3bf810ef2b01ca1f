import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { crossEntropy } from './cross-entropy.ts'

beforeAll(async () => {
  await tf.setBackend('cpu')
})

const logits = () =>
  tf.tensor2d([
    [1.5, -0.5, 0.25],
    [0.1, 2, -1],
    [-0.3, 0.4, 0.9],
  ])
const value = (x: tf.Tensor): number => x.dataSync()[0] ?? Number.NaN

// torch.nn.functional.cross_entropy of PyTorch 1.13 on the same numbers, in float64.
const REFERENCE = {
  plain: 0.793215905,
  ignored: 0.498931615,
  smoothed: 0.862660349,
  weighted: 0.64035805,
  weightedSmoothed: 0.75151589,
}

describe('crossEntropy', () => {
  it('equals PyTorch for plain, ignored, smoothed and weighted rows', () => {
    const labels = tf.tensor1d([0, 1, 0], 'int32')
    const weights = tf.tensor1d([1, 2, 0.5])
    expect(value(crossEntropy(logits(), labels))).toBeCloseTo(REFERENCE.plain, 6)
    expect(value(crossEntropy(logits(), tf.tensor1d([0, -100, 2], 'int32')))).toBeCloseTo(
      REFERENCE.ignored,
      6,
    )
    expect(value(crossEntropy(logits(), labels, { labelSmoothing: 0.1 }))).toBeCloseTo(REFERENCE.smoothed, 6)
    expect(value(crossEntropy(logits(), labels, { classWeights: weights }))).toBeCloseTo(
      REFERENCE.weighted,
      6,
    )
    expect(value(crossEntropy(logits(), labels, { classWeights: weights, labelSmoothing: 0.2 }))).toBeCloseTo(
      REFERENCE.weightedSmoothed,
      6,
    )
  })

  it('has the gradient (softmax - one-hot) / B', () => {
    const gradient = tf.grad((x) => crossEntropy(x, tf.tensor1d([0, 1, 0], 'int32')))(logits())
    const expected = tf
      .softmax(logits())
      .sub(tf.oneHot([0, 1, 0], 3))
      .div(3)
    expect(gradient.sub(expected).abs().max().dataSync()[0]).toBeLessThan(1e-6)
  })

  it('is 0 with a zero gradient when no row counts', () => {
    const ignored = tf.tensor1d([-100, -100, -100], 'int32')
    expect(value(crossEntropy(logits(), ignored))).toBeCloseTo(0)
    const gradient = tf.grad((x) => crossEntropy(x, ignored))(logits())
    expect(gradient.abs().max().dataSync()[0]).toBe(0)
  })

  it('refuses a single class', () => {
    expect(() => crossEntropy(tf.zeros([3, 1]), tf.tensor1d([0, 0, 0], 'int32'))).toThrow(
      /at least two classes, received 1/,
    )
    expect(value(crossEntropy(tf.zeros([3, 2]), tf.tensor1d([0, 0, 1], 'int32')))).toBeCloseTo(Math.log(2), 6)
  })

  it('refuses wrong shapes and smoothing', () => {
    expect(() => crossEntropy(logits(), tf.tensor1d([0, 1], 'int32'))).toThrow(/\[3,3\] and \[2\]/)
    expect(() => crossEntropy(logits(), tf.tensor1d([0, 1, 2], 'int32'), { labelSmoothing: 2 })).toThrow(
      /received 2/,
    )
  })
})
