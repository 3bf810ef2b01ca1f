import * as tf from '@tensorflow/tfjs'
import { beforeAll, expect, it } from 'vitest'
import { gradientError } from './gradient-error.ts'
import { linear } from './linear.ts'

beforeAll(() => tf.setBackend('cpu'))

it('computes x · weightᵀ + bias over the last axis for any leading axes', () => {
  const weight = tf.tensor2d([1, 2, 3, 4, 5, 6], [3, 2])
  const bias = tf.tensor1d([0.5, 0, -0.5])
  const y = linear(tf.tensor3d([1, 0, 0, 1, 2, -1, 1, 1], [2, 2, 2]), weight, bias)
  expect(y.shape).toEqual([2, 2, 3])
  expect([...y.dataSync()]).toEqual([1.5, 3, 4.5, 2.5, 4, 5.5, 0.5, 2, 3.5, 3.5, 7, 10.5])
  expect([...linear(tf.tensor1d([1, 1]), weight).dataSync()]).toEqual([3, 7, 11])
})

it('has the gradients of finite differences', () => {
  const inputs = [
    tf.randomNormal([2, 3, 4], 0, 1, 'float32', 1),
    tf.randomNormal([5, 4], 0, 1, 'float32', 2),
    tf.randomNormal([5], 0, 1, 'float32', 3),
  ]
  expect(gradientError((x, w, b) => linear(x, w, b), inputs)).toBeLessThan(1e-3)
})

it('refuses widths that do not match', () => {
  expect(() => linear(tf.zeros([2, 3]), tf.zeros([3, 2]))).toThrowError(
    expect.objectContaining({ code: 'nn/linear-shape' }),
  )
  expect(() => linear(tf.zeros([2, 3]), tf.zeros([4, 3]), tf.zeros([3]))).toThrowError(
    expect.objectContaining({ code: 'nn/linear-shape' }),
  )
})
