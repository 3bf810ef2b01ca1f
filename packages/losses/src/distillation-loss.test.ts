import { withoutLossWeights } from '@kic/engine'
import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { code, gradientsOff, labels, logits, second, value, weights } from './__fixtures__/three-rows.ts'
import { crossEntropy } from './cross-entropy.ts'
import { distillationLoss } from './distillation-loss.ts'
import { rDropLoss } from './r-drop-loss.ts'

beforeAll(() => tf.setBackend('cpu'))

const teacher = () =>
  tf.tensor2d([
    [0.7, 0.2, 0.1],
    [0, 0.9, 0.1],
    [0.25, 0.25, 0.5],
  ])
/** A row with a label and soft targets, one with a label, one with soft targets. */
const mixed = (): [y: tf.Tensor, p: tf.Tensor] => [
  tf.tensor1d([0, 1, -100], 'int32'),
  tf.tensor2d([
    [0.7, 0.2, 0.1],
    [0, 0, 0],
    [0.25, 0.25, 0.5],
  ]),
]
const options = { teacherWeight: 0.7, temperature: 3 }

describe('distillationLoss', () => {
  it('is the sum of cross-entropy and divergence from the softened teacher', () => {
    // By hand: √0.8 and √0.2 are as 2 to 1, so KL = ⅔ ln(4/3) + ⅓ ln(2/3) = 0.056633, and (ln 2 + 4 KL) / 2.
    const [x, y, p] = [tf.tensor2d([[5, 5]]), tf.tensor1d([0], 'int32'), tf.tensor2d([[0.8, 0.2]])]
    expect(value(distillationLoss(x, y, p))).toBeCloseTo(0.459841, 5)
    // 0.3 * F.cross_entropy(x, y) + 0.7 * 9 * F.kl_div(F.log_softmax(x / 3, 1), t, reduction='batchmean'), where t is
    // p ** (1 / 3) divided by its sum
    expect(value(distillationLoss(logits(), labels(), teacher(), options))).toBeCloseTo(0.9845427944, 5)
    const hard = { teacherWeight: 1, temperature: 1 }
    expect(value(distillationLoss(logits(), labels(), teacher(), hard))).toBeCloseTo(0.0876751393, 6)
  })

  it('is cross-entropy without a teacher, and 0 where the student agrees with it', () => {
    const plain = value(crossEntropy(logits(), labels(), { labelSmoothing: 0.1 }))
    const ignored = { teacherWeight: 0, labelSmoothing: 0.1 }
    expect(value(distillationLoss(logits(), labels(), teacher(), ignored))).toBeCloseTo(plain, 6)
    const same = distillationLoss(logits(), labels(), tf.softmax(logits()), { teacherWeight: 1 })
    expect(Math.abs(value(same))).toBeLessThan(1e-6)
  })

  it('takes rows with a label, with soft targets, or both, and leaves out those with neither', () => {
    const [y, p] = mixed()
    expect(value(distillationLoss(logits(), y, p, options))).toBeCloseTo(0.095405163, 6)
    const filled = [
      tf.concat([logits(), tf.tensor2d([[9, -9, 3]])]),
      tf.concat([p, tf.zeros([1, 3])]),
    ] as const
    const filler = tf.tensor1d([0, 1, -100, -100], 'int32')
    expect(value(distillationLoss(filled[0], filler, filled[1], options))).toBeCloseTo(0.095405163, 6)
    const none = tf.fill([3], -100, 'int32')
    expect(value(distillationLoss(logits(), none, tf.zeros([3, 3])))).toBe(0)
  })

  it('weighs rows by their class, or by what the teacher expects', () => {
    const [y, p] = mixed()
    const weighted = distillationLoss(logits(), y, p, { ...options, classWeights: weights() })
    expect(value(weighted)).toBeCloseTo(0.0851877086, 6)
  })

  it('takes several passes and another loss of the labels', () => {
    const passes = [logits(), second()] as const
    const entropy = withoutLossWeights(() => crossEntropy(logits(), labels()))
    const two = distillationLoss(passes, labels(), teacher(), { ...options, labelLoss: entropy })
    expect(value(two)).toBeCloseTo(1.2730185434, 5)
    const labelLoss = rDropLoss(passes, labels())
    const all = value(distillationLoss(passes, labels(), teacher(), { ...options, labelLoss }))
    expect(all).toBeCloseTo(1.2730185434 + 0.3 * (value(labelLoss) - value(entropy)), 5)
  })

  it('has the gradients of finite differences', () => {
    const [y, p] = mixed()
    const weighted = { ...options, classWeights: weights() }
    expect(gradientsOff((x) => distillationLoss(x, y, p, weighted), logits())).toBeLessThan(1e-3)
    expect(gradientsOff((x) => distillationLoss(x, labels(), teacher()), logits())).toBeLessThan(1e-3)
    const passes = (x: tf.Tensor, z: tf.Tensor) => distillationLoss([x, z], y, p, options)
    expect(gradientsOff(passes, logits(), second())).toBeLessThan(1e-3)
  })

  it('keeps its gradient about as large at any temperature', () => {
    const norm = (temperature: number): number => {
      const loss = (x: tf.Tensor) =>
        distillationLoss(x, labels(), tf.softmax(second()), { teacherWeight: 1, temperature })
      return value(tf.norm(tf.grad(loss)(logits())))
    }
    // At high temperatures it is the squared distance of centred logits, section 2.1.
    const centred = (x: tf.Tensor) => x.sub(x.mean(1, true))
    const distance = value(tf.norm(centred(logits()).sub(centred(second())))) / 9
    expect(norm(1000)).toBeCloseTo(distance, 2)
    expect(norm(10) / norm(1000)).toBeGreaterThan(0.9)
  })

  it('refuses other shapes, weights and temperatures', () => {
    code(() => distillationLoss(logits(), labels(), tf.zeros([3, 2])), 'losses/shape')
    code(() => distillationLoss(logits(), tf.zeros([2], 'int32'), teacher()), 'losses/shape')
    for (const teacherWeight of [-0.1, 1.1, Number.NaN])
      code(() => distillationLoss(logits(), labels(), teacher(), { teacherWeight }), 'losses/weight')
    for (const temperature of [0, -1, Number.POSITIVE_INFINITY])
      code(() => distillationLoss(logits(), labels(), teacher(), { temperature }), 'losses/temperature')
  })
})
