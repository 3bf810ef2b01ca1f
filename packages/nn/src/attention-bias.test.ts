import * as tf from '@tensorflow/tfjs'
import { beforeAll, expect, it } from 'vitest'
import { attentionBias } from './attention-bias.ts'

beforeAll(() => tf.setBackend('cpu'))

it('adds nothing to tokens and -10000 to padding', () => {
  const bias = attentionBias(tf.tensor2d([1, 1, 0, 1, 0, 0], [2, 3], 'int32'))
  expect(bias.shape).toEqual([2, 1, 1, 3])
  expect([...bias.dataSync()].map((value) => value + 0)).toEqual([0, 0, -10000, 0, -10000, -10000])
})

it('refuses a mask that is not [B, S]', () => {
  expect(() => attentionBias(tf.zeros([3]))).toThrowError(expect.objectContaining({ code: 'nn/mask-shape' }))
})
