import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { code, gradientsOff, labels, logits, value, weights, withIgnored } from './__fixtures__/three-rows.ts'
import { crossEntropy } from './cross-entropy.ts'
import { focalLoss } from './focal-loss.ts'

beforeAll(() => tf.setBackend('cpu'))

describe('focalLoss', () => {
  it('discounts rows that are right already', () => {
    // (-(1 - p) ** gamma * p.log()).mean(), and its mean weighted by w[y]
    expect(value(focalLoss(logits(), labels(), { gamma: 0.5 }))).toBeCloseTo(0.6532518792, 6)
    expect(value(focalLoss(logits(), labels()))).toBeCloseTo(0.448351899, 6)
    expect(value(focalLoss(logits(), labels(), { classWeights: weights() }))).toBeCloseTo(0.3375195438, 6)
    expect(value(focalLoss(...withIgnored()))).toBeCloseTo(0.448351899, 6)
    const options = { classWeights: weights() }
    const plain = value(crossEntropy(logits(), labels(), options))
    expect(value(focalLoss(logits(), labels(), { ...options, gamma: 0 }))).toBeCloseTo(plain, 6)
  })

  it('has the gradient of finite differences, and a finite one where a row is certain', () => {
    for (const gamma of [0.5, 2]) {
      expect(gradientsOff((x) => focalLoss(x, labels(), { gamma }), logits())).toBeLessThan(1e-3)
      const certain = tf.tensor2d([
        [200, 0, 0],
        [0, 0, 200],
        [0, 0, 0],
      ])
      const gradient = tf
        .grad((x) => focalLoss(x, labels(), { gamma }))(certain)
        .dataSync()
      expect([...gradient].every(Number.isFinite)).toBe(true)
      expect([...gradient.slice(0, 3)]).toEqual([0, 0, 0])
    }
  })

  it('refuses a gamma below 0', () => {
    code(() => focalLoss(logits(), labels(), { gamma: -0.1 }), 'losses/gamma')
    code(() => focalLoss(logits(), labels(), { gamma: Number.NaN }), 'losses/gamma')
  })
})
