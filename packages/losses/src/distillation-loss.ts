import { KicError } from '@kic/core'
import { declareLossWeight, type Scalar, type Tensor, withoutLossWeights } from '@kic/engine'
import * as tf from '@tensorflow/tfjs'
import { type CrossEntropyOptions, crossEntropy } from './cross-entropy.ts'
import type { LossesErrorCode } from './error-code.ts'
import { atLeast, checkedNumber, labelledRows } from './labelled-rows.ts'

export interface DistillationLossOptions extends CrossEntropyOptions {
  /** w, the share of the teacher; default 0.5. */
  readonly teacherWeight?: number | undefined
  /** T, which softens both distributions; default 2. */
  readonly temperature?: number | undefined
  /**
   * Loss of the labels: a mean over labelled rows with the same class weights, computed in `withoutLossWeights` of
   * `@kic/engine`. Default: cross-entropy of the first pass.
   */
  readonly labelLoss?: Scalar | undefined
}

/**
 * Distillation: a student learns from labels and from the probabilities of a teacher. A row's loss is `(1 - w) · CE` if it
 * has a label, plus `w · T² · KL(teacher‖student)` if it has soft targets, both at temperature T; the loss is the mean
 * over rows with either. Hinton, Vinyals & Dean 2015 (arXiv:1503.02531), section 2.
 *
 * With class weights, a row without a label has the weight that the teacher expects.
 *
 * @param logits [B, C] of the student, or of several passes, whose divergences are averaged
 * @param labels int32 [B], `ignoreIndex` for rows without a label
 * @param softTargets the teacher's probabilities, not softened, [B, C]; zeros for rows without
 * @returns scalar, in nats
 * @throws KicError `losses/shape`, `losses/one-class`, `losses/label-smoothing`, `losses/weight`, `losses/temperature`
 */
export const distillationLoss = (
  logits: Tensor | readonly [Tensor, ...Tensor[]],
  labels: Tensor,
  softTargets: Tensor,
  { teacherWeight = 0.5, temperature = 2, labelLoss, ...options }: DistillationLossOptions = {},
): Scalar => {
  const passes = logits instanceof tf.Tensor ? ([logits] as const) : logits
  checkOptions(teacherWeight, temperature)
  const differing = passes.find(({ shape }) => `${shape}` !== `${softTargets.shape}`)
  if (differing !== undefined) {
    throw new KicError<LossesErrorCode>(
      'losses/shape',
      `distillationLoss: logits and softTargets must have the same shape [B, C], received [${differing.shape}] and ` +
        `[${softTargets.shape}]. Order the teacher's classes as the student's.`,
    )
  }
  return tf.tidy(() => {
    const [first] = passes
    const { counted, weights, ofLabels } = withoutLossWeights(() => ({
      ...labelledRows('distillationLoss', first, labels, options),
      ofLabels: labelLoss ?? crossEntropy(first, labels, options),
    }))
    const total = softTargets.sum(1) // [B]
    const taught = total.greater(0).cast('float32') // [B]
    const expected = options.classWeights
      ? softTargets.mul(options.classWeights).sum(1).div(atLeast(total))
      : taught
    const rowWeights = weights.add(tf.sub(1, counted).mul(expected)) // [B]
    const softened = tf.pow(softTargets, 1 / temperature)
    const teacher = softened.div(atLeast(softened.sum(1, true))) // [B, C]
    const divergences = passes.map((pass) => divergence(teacher, tf.logSoftmax(pass.div(temperature))))
    const ofTeacher = tf.addN(divergences).div(passes.length).mul(rowWeights).sum()
    const rows = atLeast(rowWeights.sum())
    declareLossWeight(rows)
    return ofLabels
      .mul(weights.sum())
      .mul(1 - teacherWeight)
      .add(ofTeacher.mul(teacherWeight * temperature ** 2))
      .div(rows)
      .asScalar()
  })
}

/** `KL(p‖q)` of each row from p and log q, [B, C] each → [B]; 0 for a p of zeros. */
const divergence = (p: Tensor, logQ: Tensor): Tensor => p.mul(tf.log(atLeast(p)).sub(logQ)).sum(1)

const checkOptions = (teacherWeight: number, temperature: number): void => {
  checkedNumber('losses/weight', 'distillationLoss', 'teacherWeight', teacherWeight, 0)
  if (teacherWeight > 1) {
    throw new KicError<LossesErrorCode>(
      'losses/weight',
      `distillationLoss: teacherWeight must be from 0 to 1, received ${teacherWeight}. Correct it.`,
    )
  }
  if (temperature > 0 && Number.isFinite(temperature)) return
  throw new KicError<LossesErrorCode>(
    'losses/temperature',
    `distillationLoss: temperature must be a number above 0, received ${temperature}. Correct it.`,
  )
}
