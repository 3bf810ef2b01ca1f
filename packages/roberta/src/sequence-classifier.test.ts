import type { Context, Tensors } from '@kic/engine'
import { type Head, initialize } from '@kic/nn'
import type { HostTensors } from '@kic/safetensors'
import * as tf from '@tensorflow/tfjs'
import { beforeAll, expect, it } from 'vitest'
import { createRobertaConfig } from './config.ts'
import { robertaEncoder } from './encoder.ts'
import { meanHead } from './mean-head.ts'
import { sequenceClassifier } from './sequence-classifier.ts'

beforeAll(() => tf.setBackend('cpu'))

const inference: Context = { training: false, dropout: (x) => x }
const config = createRobertaConfig({
  vocab_size: 30,
  hidden_size: 8,
  num_hidden_layers: 2,
  num_attention_heads: 2,
  intermediate_size: 16,
  max_position_embeddings: 14,
  type_vocab_size: 2,
  num_labels: 5,
  initializer_range: 0.5,
  layer_norm_eps: 1e-5,
})
const model = sequenceClassifier(config)
const place = (params: HostTensors): Tensors =>
  Object.fromEntries(
    Object.entries(params).map(([name, { data, shape }]) => [name, tf.tensor(data, [...shape])]),
  )
const params = place(initialize(model.parameters, 3))

/** Rows of token ids, padded to a width. */
const batch = (width: number, ...rows: number[][]): { input_ids: tf.Tensor; attention_mask: tf.Tensor } => ({
  input_ids: tf.tensor2d(
    rows.map((row) => [...row, ...new Array(width - row.length).fill(1)]),
    [rows.length, width],
    'int32',
  ),
  attention_mask: tf.tensor2d(
    rows.map((row) => [...row.map(() => 1), ...new Array(width - row.length).fill(0)]),
    [rows.length, width],
    'int32',
  ),
})
const difference = (a: tf.Tensor, b: tf.Tensor): number =>
  tf.max(tf.abs(tf.sub(a, b))).dataSync()[0] ?? Number.NaN

const rows = [
  [0, 5, 6, 2],
  [0, 9, 9, 7, 8, 2],
]

it('does not depend on the padding of a batch', () => {
  const logits = model.logits(params, batch(6, ...rows), inference)
  expect(logits.shape).toEqual([2, 5])
  expect(difference(logits, model.logits(params, batch(11, ...rows), inference))).toBeLessThan(1e-5)
  expect(
    difference(logits, model.logits(params, { input_ids: batch(6, ...rows).input_ids }, inference)),
  ).toBeGreaterThan(1e-3)
})

it('gives the padding rows no gradient, even if padding is attended to', () => {
  const { input_ids } = batch(6, ...rows)
  for (const table of ['word_embeddings', 'position_embeddings']) {
    const name = `roberta.embeddings.${table}.weight`
    const loss = (weight: tf.Tensor) => model.logits({ ...params, [name]: weight }, { input_ids }, inference)
    const [gradient] = tf.grads(loss)([params[name] ?? tf.scalar(0)])
    const perRow = gradient ? [...tf.max(tf.abs(gradient), 1).dataSync()] : []
    expect(perRow[1]).toBe(0)
    expect(perRow[2]).toBeGreaterThan(0.01)
  }
})

it('accepts token types, by default all 0', () => {
  const feeds = batch(6, ...rows)
  const zeros = tf.zerosLike(feeds.input_ids)
  const logits = model.logits(params, feeds, inference)
  expect(
    difference(logits, model.logits(params, { ...feeds, token_type_ids: zeros }, inference)),
  ).toBeLessThan(1e-6)
  const ones = tf.onesLike(feeds.input_ids)
  expect(
    difference(logits, model.logits(params, { ...feeds, token_type_ids: ones }, inference)),
  ).toBeGreaterThan(1e-3)
})

it('accepts position ids, by default counted', () => {
  const feeds = batch(6, ...rows)
  const counted = tf.tensor2d([2, 3, 4, 5, 1, 1, 2, 3, 4, 5, 6, 7], [2, 6], 'int32')
  const logits = model.logits(params, feeds, inference)
  expect(difference(logits, model.logits(params, { ...feeds, position_ids: counted }, inference))).toBe(0)
  const shifted = tf.add(counted, tf.scalar(1, 'int32'))
  expect(
    difference(logits, model.logits(params, { ...feeds, position_ids: shifted }, inference)),
  ).toBeGreaterThan(1e-3)
})

it('applies dropout where transformers does', () => {
  const seen: string[] = []
  const watching: Context = {
    training: true,
    dropout: (x, rate) => {
      seen.push(`${x.shape.join('x')}@${rate}`)
      return x
    },
  }
  const rates = {
    ...config,
    hidden_dropout_prob: 0.2,
    attention_probs_dropout_prob: 0.3,
    classifier_dropout: 0.4,
  }
  sequenceClassifier(rates).logits(params, batch(6, ...rows), watching)
  const layer = ['2x2x6x6@0.3', '2x6x8@0.2', '2x6x8@0.2']
  // The head reads only the first position, so the last layer computes no other.
  const last = ['2x2x1x6@0.3', '2x1x8@0.2', '2x1x8@0.2']
  expect(seen).toEqual(['2x6x8@0.2', ...layer, ...last, '2x8@0.4', '2x8@0.4'])
})

it('works with any head, and passes it the sequence and the mask', () => {
  const meanHead: Head = {
    name: 'mean',
    parameters: ({ hidden_size }) => [
      { name: 'scale', shape: [hidden_size], init: { kind: 'constant', value: 2 } },
    ],
    apply: (all, { sequence, attentionMask }) => {
      const weights = tf.expandDims(tf.cast(attentionMask, 'float32'), 2)
      return tf.mul(tf.sum(tf.mul(sequence, weights), 1), all.scale ?? 0)
    },
  }
  const custom = sequenceClassifier(config, meanHead)
  expect(custom.parameters.map(({ name }) => name).at(-1)).toBe('scale')
  const weights = { ...params, ...place(initialize(custom.parameters.slice(-1), 0)) }
  const feeds = { input_ids: batch(4, [0, 5, 6, 2]).input_ids }
  const { lastHiddenState } = robertaEncoder(params, { inputIds: feeds.input_ids }, config, inference)
  const expected = tf.mul(tf.sum(lastHiddenState, 1), 2)
  expect(difference(custom.logits(weights, feeds, inference), expected)).toBeLessThan(1e-6)
})

it('keeps the number of tensors over repeated steps', () => {
  const feeds = batch(6, ...rows)
  const names = Object.keys(params)
  const step = (): void => {
    const { value, grads } = tf.tidy(() =>
      tf.valueAndGrads((...tensors: tf.Tensor[]) => {
        const replaced = Object.fromEntries(tensors.map((tensor, i) => [names[i] ?? '', tensor]))
        return tf.sum(tf.square(model.logits(replaced, feeds, inference)))
      })(Object.values(params)),
    )
    tf.dispose([value, ...grads])
    tf.dispose(model.logits(params, feeds, inference))
  }
  step()
  const before = tf.memory().numTensors
  for (let i = 0; i < 3; i++) step()
  expect(tf.memory().numTensors).toBe(before)
})

it('refuses batches without ids, of other shapes, and longer than its positions', () => {
  const feeds = batch(6, ...rows)
  expect(() => model.logits(params, { ids: feeds.input_ids }, inference)).toThrowError(
    /must have input_ids, received ids/,
  )
  expect(() =>
    model.logits(params, { ...feeds, attention_mask: tf.ones([2, 5], 'int32') }, inference),
  ).toThrowError(
    expect.objectContaining({ code: 'roberta/input-ids', message: expect.stringContaining('attentionMask') }),
  )
  expect(() => model.logits(params, batch(12, ...rows), inference)).not.toThrow()
  expect(() => model.logits(params, batch(13, ...rows), inference)).toThrowError(
    expect.objectContaining({
      code: 'roberta/too-long',
      message: expect.stringContaining('at most 12 tokens'),
    }),
  )
  expect(() => model.logits({}, feeds, inference)).toThrowError(
    expect.objectContaining({ code: 'nn/missing-parameter' }),
  )
})

it('reads the mean of the tokens with the mean head', () => {
  const mean = sequenceClassifier(config, meanHead)
  const { lastHiddenState } = robertaEncoder(
    params,
    { inputIds: batch(4, [0, 5, 6, 2]).input_ids },
    config,
    inference,
  )
  const pooled = lastHiddenState.mean(1, true)
  expect(
    difference(
      meanHead.apply(
        params,
        { sequence: pooled, attentionMask: tf.ones([1, 1], 'int32') },
        config,
        inference,
      ),
      mean.logits(params, batch(4, [0, 5, 6, 2]), inference),
    ),
  ).toBeLessThan(1e-5)
})

it('reads the embeddings if it has no layers', () => {
  const flat = sequenceClassifier(createRobertaConfig({ ...config, num_hidden_layers: 0 }))
  expect(flat.parameters.filter(({ name }) => name.includes('.layer.'))).toEqual([])
  const { input_ids: inputIds } = batch(6, ...rows)
  const { hiddenStates } = robertaEncoder(params, { inputIds }, config, inference, { hiddenStates: true })
  const [embedded = tf.tensor([])] = hiddenStates
  const { lastHiddenState } = robertaEncoder(params, { inputIds }, flat.config, inference)
  expect(difference(lastHiddenState, embedded)).toBe(0)
  expect(flat.logits(params, batch(6, ...rows), inference).shape).toEqual([2, 5])
})
