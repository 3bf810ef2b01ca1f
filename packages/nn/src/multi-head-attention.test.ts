import type { Context } from '@kic/engine'
import * as tf from '@tensorflow/tfjs'
import { beforeAll, expect, it } from 'vitest'
import { attentionBias } from './attention-bias.ts'
import { gradientError } from './gradient-error.ts'
import { multiHeadAttention } from './multi-head-attention.ts'

beforeAll(() => tf.setBackend('cpu'))

const inference: Context = { training: false, dropout: (x) => x }
const [B, S, T, H, N] = [2, 3, 4, 6, 2]
const query = tf.randomNormal([B, S, H], 0, 1, 'float32', 1)
const key = tf.randomNormal([B, T, H], 0, 1, 'float32', 2)
const value = tf.randomNormal([B, T, H], 0, 1, 'float32', 3)
const mask = [
  [1, 1, 1, 0],
  [1, 1, 0, 0],
]
const bias = attentionBias(tf.tensor2d(mask, [B, T], 'int32'))

/** The definition, computed number by number. */
const literal = (batch: number, head: number, row: number): { weights: number[]; mixed: number[] } => {
  const size = H / N
  const at = (x: tf.Tensor, position: number, d: number): number =>
    x.dataSync()[(batch * (x.shape[1] ?? 0) + position) * H + head * size + d] ?? Number.NaN
  const exps = Array.from({ length: T }, (_, column) => {
    let score = 0
    for (let d = 0; d < size; d++) score += at(query, row, d) * at(key, column, d)
    return mask[batch]?.[column] === 1 ? Math.exp(score / Math.sqrt(size)) : 0
  })
  const total = exps.reduce((a, b) => a + b, 0)
  const weights = exps.map((e) => e / total)
  const mixed = Array.from({ length: size }, (_, d) =>
    weights.reduce((sum, w, column) => sum + w * at(value, column, d), 0),
  )
  return { weights, mixed }
}

it('equals its definition for every head, and gives padding no weight', () => {
  const { context, probabilities } = multiHeadAttention(
    query,
    key,
    value,
    { heads: N, bias, dropout: 0.1 },
    inference,
  )
  expect(context.shape).toEqual([B, S, H])
  expect(probabilities.shape).toEqual([B, N, S, T])
  const mixed = context.dataSync()
  const weights = probabilities.dataSync()
  for (let b = 0; b < B; b++) {
    for (let n = 0; n < N; n++) {
      for (let s = 0; s < S; s++) {
        const expected = literal(b, n, s)
        for (const [t, w] of expected.weights.entries())
          expect(weights[((b * N + n) * S + s) * T + t]).toBeCloseTo(w, 5)
        for (const [d, m] of expected.mixed.entries()) {
          expect(mixed[(b * S + s) * H + (n * H) / N + d]).toBeCloseTo(m, 5)
        }
      }
    }
  }
  expect(weights[3]).toBe(0)
})

it('has the gradients of finite differences', () => {
  const attend = (q: tf.Tensor, k: tf.Tensor, v: tf.Tensor): tf.Tensor =>
    multiHeadAttention(q, k, v, { heads: N, bias, dropout: 0 }, inference).context
  expect(gradientError(attend, [query, key, value])).toBeLessThan(1e-3)
})

it('drops probabilities at the given rate through the context', () => {
  const seen: [shape: number[], rate: number][] = []
  const dropping: Context = {
    training: true,
    dropout: (x, rate) => {
      seen.push([x.shape, rate])
      return tf.zerosLike(x)
    },
  }
  const { context } = multiHeadAttention(query, key, value, { heads: N, dropout: 0.25 }, dropping)
  expect(seen).toEqual([[[B, N, S, T], 0.25]])
  expect(context.abs().max().dataSync()[0]).toBe(0)
})

it('refuses heads that do not divide the width', () => {
  expect(() => multiHeadAttention(query, key, value, { heads: 4, dropout: 0 }, inference)).toThrowError(
    expect.objectContaining({ code: 'nn/attention-shape' }),
  )
})
