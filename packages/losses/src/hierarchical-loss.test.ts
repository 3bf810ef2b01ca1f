import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { code, gradientsOff, value } from './__fixtures__/three-rows.ts'
import { crossEntropy } from './cross-entropy.ts'
import { hierarchicalLoss } from './hierarchical-loss.ts'

beforeAll(() => tf.setBackend('cpu'))

describe('hierarchicalLoss', () => {
  const groups = () =>
    tf.tensor2d([
      [1.5, -0.5, 0.25, 2, 0.7],
      [0.1, 2, -1, 0, 1],
      [-0.3, 0.4, 0.9, 3, -2],
    ])
  const ofGroup = () => tf.tensor1d([0, 3, 2], 'int32')
  const level = (ofClass: number[], weight: number, classes = 5) => ({
    name: 'above',
    labels: Array.from({ length: classes }, (_, c) => `${c}`),
    ofClass: Int32Array.from(ofClass),
    weight,
  })
  const levels = [level([0, 0, 1, 1, 2], 0.5, 3), level([0, 0, 0, 0, 1], 0.25, 2)]

  it('adds the cross-entropies of the levels above, whose probabilities are sums', () => {
    // P = F.softmax(l, 1); Q = zeros(3, 3).index_add(1, of_class, P): -log P[label] - Σ weight * log Q[of_class[label]]
    expect(value(hierarchicalLoss(groups(), ofGroup(), { levels }))).toBeCloseTo(2.6424848417, 6)
    const x = tf.concat([groups(), tf.ones([1, 5])], 0)
    const y = tf.tensor1d([0, 3, 2, -100], 'int32')
    expect(value(hierarchicalLoss(x, y, { levels }))).toBeCloseTo(2.6424848417, 6)
    const other = tf.tensor1d([0, 3, 2, 99], 'int32')
    expect(value(hierarchicalLoss(x, other, { levels, ignoreIndex: 99 }))).toBeCloseTo(2.6424848417, 6)
    const plain = value(crossEntropy(groups(), ofGroup()))
    expect(value(hierarchicalLoss(groups(), ofGroup(), { levels: [] }))).toBeCloseTo(plain, 6)
    const identity = [level([4, 3, 2, 1, 0], 2)]
    expect(value(hierarchicalLoss(groups(), ofGroup(), { levels: identity, weight: 0 }))).toBeCloseTo(
      2 * plain,
      5,
    )
  })

  it('has the gradient of finite differences', () => {
    expect(gradientsOff((x) => hierarchicalLoss(x, ofGroup(), { levels }), groups())).toBeLessThan(1e-3)
  })

  it('costs less to be wrong within the right division, and stays finite where all is lost', () => {
    const cost = (wrong: number): number =>
      value(hierarchicalLoss(tf.oneHot([wrong], 5).mul(8), tf.tensor1d([0], 'int32'), { levels }))
    expect(cost(0)).toBeLessThan(cost(1))
    expect(cost(1)).toBeLessThan(cost(2))
    expect(cost(2)).toBeLessThan(cost(4))
    const lost = tf.tensor2d([[0, 0, 0, 0, 500]])
    const loss = (x: tf.Tensor) => hierarchicalLoss(x, tf.tensor1d([0], 'int32'), { levels })
    expect(value(loss(lost))).toBeCloseTo(500 + 0.5 * (500 - Math.log(2)) + 0.25 * (500 - Math.log(4)), 2)
    expect([...tf.grad(loss)(lost).dataSync()].every(Number.isFinite)).toBe(true)
  })

  it('refuses levels that do not match the classes', () => {
    const refuse = (ofClass: number[], weight = 1) =>
      hierarchicalLoss(groups(), ofGroup(), { levels: [level(ofClass, weight)] })
    code(() => refuse([0, 0, 1, 1]), 'losses/hierarchy')
    code(() => refuse([0, 0, 1, 1, -1]), 'losses/hierarchy')
    code(() => refuse([0, 0, 1, 1, 5]), 'losses/hierarchy')
    code(() => refuse([0, 0, 1, 1, 1], -1), 'losses/weight')
  })
})
