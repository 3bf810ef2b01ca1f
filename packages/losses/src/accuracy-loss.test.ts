import { fileURLToPath } from 'node:url'
import { compareTensor, type GoldenCase, loadGoldenCase } from '@kic/nn/testing'
import type { HostTensor } from '@kic/safetensors'
import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { accuracyLoss, errorRate } from './accuracy-loss.ts'
import { crossEntropy } from './cross-entropy.ts'

let golden: GoldenCase
beforeAll(async () => {
  await tf.setBackend('cpu')
  golden = await loadGoldenCase(fileURLToPath(new URL('./__fixtures__/06-accuracy-loss/', import.meta.url)))
})

const host = (tensor: tf.Tensor): HostTensor => ({
  dtype: 'float32',
  shape: tensor.shape,
  data: Float32Array.from(tensor.dataSync()),
})
const inputs = (batch: string): [logits: tf.Tensor, labels: tf.Tensor] => {
  const [logits, labels] = [golden.values[`${batch}.logits`], golden.values[`${batch}.labels`]]
  if (!logits || !labels) throw new Error(`no batch ${batch}`)
  return [tf.tensor(logits.data, [...logits.shape]), tf.tensor(labels.data, [...labels.shape], 'int32')]
}
const read = (x: tf.Tensor): number => x.dataSync()[0] ?? Number.NaN

describe.each(['all_right', 'all_wrong', 'mixed', 'single_row', 'ties'])('the batch %s', (batch) => {
  it('has the value and the gradient of the published PyTorch class', () => {
    const [logits, labels] = inputs(batch)
    const actual: Record<string, tf.Tensor> = {
      value: accuracyLoss(logits, labels),
      ce: crossEntropy(logits, labels),
      error_term: tf.clipByValue(errorRate(logits, labels), 1e-7, 1 - 1e-7),
      grad_logits: tf.grad((x) => accuracyLoss(x, labels))(logits),
      ce_grad_logits: tf.grad((x) => crossEntropy(x, labels))(logits),
    }
    for (const [name, tensor] of Object.entries(actual)) {
      const key = `${batch}.${name}`
      const expected = golden.values[key]
      const tolerance = golden.tensors.find((tensor) => tensor.name === key)?.tolerance
      if (!expected || !tolerance) throw new Error(`no golden ${key}`)
      expect(compareTensor(host(tensor), expected, tolerance), key).toMatchObject({ pass: true })
    }
  })

  it('has the gradient of cross-entropy, bit for bit: the error rate adds nothing to it', () => {
    const [logits, labels] = inputs(batch)
    const ofAccuracyLoss = tf
      .grad((x) => accuracyLoss(x, labels))(logits)
      .dataSync()
    const ofCrossEntropy = tf
      .grad((x) => crossEntropy(x, labels))(logits)
      .dataSync()
    expect(ofAccuracyLoss).toEqual(ofCrossEntropy)
    expect(ofAccuracyLoss.some((g) => Math.abs(g) > 1e-3)).toBe(true)
  })
})

it('gives rows that are wrong no larger gradient than cross-entropy does, against the guess of its author', () => {
  const [logits, labels] = inputs('mixed')
  const gradient = tf.grad((x) => accuracyLoss(x, labels))(logits)
  // (softmax - one-hot) / B, whether the row is right or wrong.
  const oneHot = tf.oneHot(labels.toInt(), 7)
  const expected = tf.div(tf.sub(tf.softmax(logits), oneHot), 7)
  expect(read(tf.max(tf.abs(tf.sub(gradient, expected))))).toBeLessThan(1e-7)
  const wrong = read(tf.sum(tf.notEqual(tf.argMax(logits, 1), labels)))
  expect(wrong).toBe(3)
})

it('adds a term that is flat: it does not move when the logits do, until a prediction changes', () => {
  const [logits, labels] = inputs('mixed')
  const term = (x: tf.Tensor): number => read(accuracyLoss(x, labels)) - read(crossEntropy(x, labels))
  const noise = tf.randomNormal(logits.shape, 0, 1e-3, 'float32', 1)
  expect(term(tf.add(logits, noise))).toBeCloseTo(3 / 7, 5)
  expect(read(errorRate(tf.add(logits, noise), labels))).toBe(read(errorRate(logits, labels)))
  expect(read(tf.max(tf.abs(tf.grad((x) => errorRate(x, labels))(logits))))).toBe(0)
})

it('counts no row that is ignored', () => {
  const logits = tf.tensor2d([
    [2, 1],
    [2, 1],
    [2, 1],
  ])
  expect(read(errorRate(logits, tf.tensor1d([0, 1, -100], 'int32')))).toBeCloseTo(0.5, 6)
  const [some, all] = [tf.tensor1d([0, 1, 7], 'int32'), tf.tensor1d([7, 7, 7], 'int32')]
  expect(read(errorRate(logits, some, { ignoreIndex: 7 }))).toBeCloseTo(0.5, 6)
  expect(read(accuracyLoss(logits, all, { ignoreIndex: 7, epsilon: 0.25 }))).toBeCloseTo(0.25, 6)
})

it('passes its options on to cross-entropy', () => {
  const [logits, labels] = inputs('mixed')
  const options = { labelSmoothing: 0.1, classWeights: tf.linspace(0.5, 2, 7) }
  const difference = read(accuracyLoss(logits, labels, options)) - read(crossEntropy(logits, labels, options))
  expect(difference).toBeCloseTo(3 / 7, 5)
})
