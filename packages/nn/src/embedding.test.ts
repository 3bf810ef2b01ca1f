import * as tf from '@tensorflow/tfjs'
import { beforeAll, expect, it } from 'vitest'
import { embedding } from './embedding.ts'
import { gradientError } from './gradient-error.ts'

beforeAll(() => tf.setBackend('cpu'))

const ids = tf.tensor2d([1, 3, 1, 0, 1, 2], [2, 3], 'int32')

it('looks up rows for ids of any shape', () => {
  const table = tf.tensor2d([0, 1, 10, 11, 20, 21, 30, 31], [4, 2])
  const rows = embedding(table, ids)
  expect(rows.shape).toEqual([2, 3, 2])
  expect([...rows.dataSync()]).toEqual([10, 11, 30, 31, 10, 11, 0, 1, 10, 11, 20, 21])
  expect([...embedding(table, tf.tensor1d([3], 'int32')).dataSync()]).toEqual([30, 31])
})

it('adds the gradients of a row that is looked up more than once', () => {
  const table = tf.randomNormal([4, 2], 0, 1, 'float32', 1)
  expect(gradientError((w) => embedding(w, ids), [table])).toBeLessThan(1e-3)
  const [gradient] = tf.grads((w) => embedding(w, ids))([table])
  expect(gradient?.arraySync()).toEqual([
    [1, 1],
    [3, 3],
    [1, 1],
    [1, 1],
  ])
})

it('gives the padding row no gradient, like padding_idx of torch.nn.Embedding', () => {
  const table = tf.randomNormal([4, 2], 0, 1, 'float32', 1)
  const [gradient] = tf.grads((w) => embedding(w, ids, { paddingIndex: 1 }))([table])
  expect(gradient?.arraySync()).toEqual([
    [1, 1],
    [0, 0],
    [1, 1],
    [1, 1],
  ])
})

it('refuses a table that is not a matrix and ids that are not integers', () => {
  expect(() => embedding(tf.zeros([4]), ids)).toThrowError(
    expect.objectContaining({ code: 'nn/embedding-shape' }),
  )
  expect(() => embedding(tf.zeros([4, 2]), tf.zeros([2]))).toThrowError(
    expect.objectContaining({ code: 'nn/embedding-ids' }),
  )
})
