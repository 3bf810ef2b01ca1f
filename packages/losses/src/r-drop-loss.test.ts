import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { code, gradientsOff, labels, logits, second, value, withIgnored } from './__fixtures__/three-rows.ts'
import { crossEntropy } from './cross-entropy.ts'
import { rDropLoss } from './r-drop-loss.ts'

beforeAll(() => tf.setBackend('cpu'))

describe('rDropLoss', () => {
  it('is the mean cross-entropy of both passes and the symmetric divergence between them', () => {
    // kl = lambda a, b: F.kl_div(F.log_softmax(a, 1), F.softmax(b, 1), reduction='none').sum(1)
    // (F.cross_entropy(x, y) + F.cross_entropy(z, y)) / 2 + 0.7 * ((kl(x, z) + kl(z, x)) / 2).mean()
    expect(value(rDropLoss([logits(), second()], labels(), { alpha: 0 }))).toBeCloseTo(1.0245547665, 6)
    expect(value(rDropLoss([logits(), second()], labels(), { alpha: 0.7 }))).toBeCloseTo(1.2392543157, 6)
    expect(value(rDropLoss([second(), logits()], labels()))).toBeCloseTo(1.0245547665 + 0.3067136417, 6)
  })

  it('is cross-entropy where both passes agree', () => {
    const plain = value(crossEntropy(logits(), labels(), { labelSmoothing: 0.1 }))
    expect(value(rDropLoss([logits(), logits()], labels(), { labelSmoothing: 0.1 }))).toBeCloseTo(plain, 6)
  })

  it('compares no rows that do not count', () => {
    const [x, y] = withIgnored()
    const z = tf.concat([second(), tf.tensor2d([[-9, 9, 0]])], 0)
    expect(value(rDropLoss([x, z], y, { alpha: 0.7 }))).toBeCloseTo(1.2392543157, 6)
  })

  it('has the gradients of finite differences by both passes', () => {
    const loss = (x: tf.Tensor, z: tf.Tensor) => rDropLoss([x, z], labels(), { alpha: 2 })
    expect(gradientsOff(loss, logits(), second())).toBeLessThan(1e-3)
  })

  it('refuses passes of different shapes and an alpha below 0', () => {
    code(() => rDropLoss([logits(), tf.zeros([3, 2])], labels()), 'losses/shape')
    code(() => rDropLoss([logits(), second()], labels(), { alpha: -1 }), 'losses/alpha')
  })
})
