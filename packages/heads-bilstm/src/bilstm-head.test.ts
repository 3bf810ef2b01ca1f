import { type Context, inferenceContext, type Tensors } from '@kic/engine'
import { type HeadConfig, initialize, lstm } from '@kic/nn'
import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { bilstmHead } from './bilstm-head.ts'

beforeAll(() => tf.setBackend('cpu'))

const H = 4
const config: HeadConfig = {
  hidden_size: H,
  hidden_dropout_prob: 0.1,
  classifier_dropout: null,
  initializer_range: 0.02,
  layer_norm_eps: 1e-12,
  id2label: { 0: 'a', 1: 'b', 2: 'c' },
}
const paramsOf = (layers: number): Tensors =>
  Object.fromEntries(
    Object.entries(initialize(bilstmHead({ layers }).parameters(config), 1)).map(
      ([name, { data, shape }]) => [name, tf.tensor(data, [...shape])],
    ),
  )
const random = (seed: number, ...shape: number[]): tf.Tensor => tf.randomNormal(shape, 0, 1, 'float32', seed)
const maskOf = (width: number, ...lengths: number[]): tf.Tensor =>
  tf.tensor2d(
    lengths.map((length) => Array.from({ length: width }, (_, i) => (i < length ? 1 : 0))),
    [lengths.length, width],
    'int32',
  )
const difference = (a: tf.Tensor, b: tf.Tensor): number =>
  tf.max(tf.abs(tf.sub(a, b))).dataSync()[0] ?? Number.NaN

const sequence = random(1, 2, 5, H)
const first = tf.slice(sequence, [0, 0, 0], [1, 3, -1])

describe.each([1, 2])('with %d layers', (layers) => {
  const params = paramsOf(layers)
  const logits = (
    padding: 'mask-aware' | 'as-published',
    input: tf.Tensor,
    attentionMask: tf.Tensor,
  ): tf.Tensor =>
    bilstmHead({ padding, layers }).apply(
      params,
      { sequence: input, attentionMask },
      config,
      inferenceContext,
    )

  it('counts padding like text as published', () => {
    const published = logits('as-published', sequence, maskOf(5, 3, 5))
    expect(difference(published, logits('as-published', sequence, maskOf(5, 5, 5)))).toBe(0)
    expect(difference(published, logits('mask-aware', sequence, maskOf(5, 3, 5)))).toBeGreaterThan(1e-2)
  })

  it('is as published where every row is one token', () => {
    const one = random(3, 3, 1, H)
    const mask = maskOf(1, 1, 1, 1)
    expect(difference(logits('mask-aware', one, mask), logits('as-published', one, mask))).toBeLessThan(1e-6)
  })

  it('reads the whole row in both directions', () => {
    const gradient = tf.grad((input: tf.Tensor) =>
      tf.sum(logits('mask-aware', input, maskOf(5, 3, 5)).slice([0, 0], [-1, 1])),
    )(sequence)
    const perPosition = [...tf.max(tf.abs(gradient), 2).dataSync()]
    const reached = perPosition.map((value) => value > 1e-6)
    expect(reached).toEqual([true, true, true, false, false, true, true, true, true, true])
  })
})

it('lists one shared LayerNorm, the LSTM and the classifier', () => {
  const names = bilstmHead({ layers: 2 })
    .parameters(config)
    .map(({ name, shape }) => `${name} ${shape.join('x')}`)
  expect(names.slice(0, 4)).toEqual([
    'norm.weight 4',
    'norm.bias 4',
    'BiLSTM.weight_ih_l0 16x4',
    'BiLSTM.weight_hh_l0 16x4',
  ])
  expect(names).toContain('BiLSTM.weight_ih_l1_reverse 16x8')
  expect(names.slice(-4)).toEqual([
    'classifier.dense.weight 4x4',
    'classifier.dense.bias 4',
    'classifier.out_proj.weight 3x4',
    'classifier.out_proj.bias 3',
  ])
})

it('adds the last states of both directions to the sum of the tokens, each normalised', () => {
  const params = paramsOf(1)
  const mask = maskOf(5, 3, 5)
  const identity = {
    ...params,
    'classifier.dense.weight': tf.eye(H),
    'classifier.dense.bias': tf.zeros([H]),
    'classifier.out_proj.weight': tf.eye(H),
    'classifier.out_proj.bias': tf.zeros([H]),
  }
  const actual = bilstmHead().apply(identity, { sequence, attentionMask: mask }, config, inferenceContext)
  const { final } = lstm(params, sequence, { prefix: 'BiLSTM.', bidirectional: true, mask }, inferenceContext)
  const moments = (x: tf.Tensor): tf.Tensor => {
    const { mean, variance } = tf.moments(x, 1, true)
    return tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, 1e-5)))
  }
  const sums = tf.stack([
    tf.sum(tf.reshape(first, [3, H]), 0),
    tf.sum(tf.reshape(tf.slice(sequence, [1, 0, 0], [1, -1, -1]), [5, H]), 0),
  ])
  const expected = tf.tanh(tf.add(moments(sums), moments(tf.addN([...final]))))
  expect(difference(actual, expected)).toBeLessThan(1e-5)
})

it.each([
  [1, ['2x5x4@0.2', '2x4@0.2', '2x4@0.2']],
  [2, ['2x5x4@0.2', '5x2x8@0.2', '2x4@0.2', '2x4@0.2']],
])('drops out where the published module does, with %d layers', (layers, expected) => {
  const seen: string[] = []
  const watching: Context = {
    training: true,
    dropout: (x, rate) => {
      seen.push(`${x.shape.join('x')}@${rate}`)
      return x
    },
  }
  bilstmHead({ layers }).apply(
    paramsOf(layers),
    { sequence, attentionMask: maskOf(5, 3, 5) },
    config,
    watching,
  )
  expect(seen).toEqual(expected)
})

it('sums what dropout left, as published', () => {
  const params = paramsOf(1)
  const doubling: Context = { training: true, dropout: (x) => (x.rank === 3 ? tf.mul(x, 2) : x) }
  const apply = (input: tf.Tensor, ctx: Context): tf.Tensor =>
    bilstmHead().apply(params, { sequence: input, attentionMask: maskOf(5, 3, 5) }, config, ctx)
  expect(difference(apply(sequence, doubling), apply(tf.mul(sequence, 2), inferenceContext))).toBe(0)
})

it('refuses layers and padding rules that there are not', () => {
  for (const layers of [0, 1.5, Number.NaN]) {
    expect(() => bilstmHead({ layers })).toThrowError(
      expect.objectContaining({ code: 'heads-bilstm/layers' }),
    )
  }
  const options: object = { padding: 'ignored' }
  expect(() => bilstmHead(options)).toThrowError(expect.objectContaining({ code: 'heads-bilstm/padding' }))
})
