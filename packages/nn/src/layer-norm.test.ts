import * as tf from '@tensorflow/tfjs'
import { beforeAll, expect, it } from 'vitest'
import { gradientError } from './gradient-error.ts'
import { layerNorm } from './layer-norm.ts'

beforeAll(() => tf.setBackend('cpu'))

it('equals torch.nn.LayerNorm on a worked example', () => {
  // Rows of variance 1.25 (biased) and 0: (x - 2.5) / sqrt(1.25 + 0.25), and the bias alone.
  const x = tf.tensor2d([1, 2, 3, 4, 7, 7, 7, 7], [2, 4])
  const y = layerNorm(x, tf.tensor1d([1, 1, 2, 1]), tf.tensor1d([0, 0, 0, 10]), 0.25)
  const expected = [-1.5, -0.5, 1, 1.5].map((value) => value / Math.sqrt(1.5))
  const values = [...y.dataSync()]
  expected[3] = (expected[3] ?? 0) + 10
  for (const [i, value] of [...expected, 0, 0, 0, 10].entries()) expect(values[i]).toBeCloseTo(value, 5)
})

it('has the gradients of finite differences', () => {
  const inputs = [
    tf.randomNormal([2, 3, 5], 1, 2, 'float32', 1),
    tf.randomNormal([5], 1, 0.5, 'float32', 2),
    tf.randomNormal([5], 0, 1, 'float32', 3),
  ]
  expect(gradientError((x, w, b) => layerNorm(x, w, b, 1e-5), inputs)).toBeLessThan(1e-3)
})

it('refuses a weight of another width', () => {
  expect(() => layerNorm(tf.zeros([2, 3]), tf.zeros([2]), tf.zeros([3]), 1e-5)).toThrowError(
    expect.objectContaining({ code: 'nn/layer-norm-shape' }),
  )
})
