import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { code, gradientsOff, labels, logits, value, weights, withIgnored } from './__fixtures__/three-rows.ts'
import { crossEntropy } from './cross-entropy.ts'
import { expectedAccuracyLoss } from './expected-accuracy-loss.ts'

beforeAll(() => tf.setBackend('cpu'))

describe('expectedAccuracyLoss', () => {
  it('is cross-entropy plus the expected error rate', () => {
    const alone = { crossEntropyWeight: 0 }
    // (1 - p).mean(), and ((1 - p) * w[y]).sum() / w[y].sum()
    expect(value(expectedAccuracyLoss(logits(), labels(), alone))).toBeCloseTo(0.4350078811, 6)
    const weighted = { ...alone, classWeights: weights() }
    expect(value(expectedAccuracyLoss(logits(), labels(), weighted))).toBeCloseTo(0.3678106576, 6)
    expect(value(expectedAccuracyLoss(...withIgnored(), alone))).toBeCloseTo(0.4350078811, 6)
    const both = value(expectedAccuracyLoss(logits(), labels(), { crossEntropyWeight: 0.5 }))
    expect(both).toBeCloseTo(0.4350078811 + 0.5 * value(crossEntropy(logits(), labels())), 6)
  })

  it('has a gradient, p(label) · (p - one-hot) / B for the error rate', () => {
    expect(gradientsOff((x) => expectedAccuracyLoss(x, labels()), logits())).toBeLessThan(1e-3)
    const gradient = tf.grad((x) => expectedAccuracyLoss(x, labels(), { crossEntropyWeight: 0 }))(logits())
    const p = tf.softmax(logits())
    const oneHot = tf.oneHot(labels().toInt(), 3).toFloat()
    const ofLabel = tf.sum(tf.mul(p, oneHot), 1, true)
    const expected = tf.div(tf.mul(ofLabel, tf.sub(p, oneHot)), 3)
    expect(value(tf.max(tf.abs(tf.sub(gradient, expected))))).toBeLessThan(1e-6)
  })

  it('refuses a weight that is none', () => {
    code(() => expectedAccuracyLoss(logits(), labels(), { crossEntropyWeight: -1 }), 'losses/weight')
  })
})
