import { KicError } from '@kic/core'
import type { Scalar, Tensor } from '@kic/engine'
import * as tf from '@tensorflow/tfjs'
import type { LossesErrorCode } from './error-code.ts'
import { atLeast, labelledRows, type RowOptions, weightedMean } from './labelled-rows.ts'

export interface CrossEntropyOptions extends RowOptions {
  /** Share of the target spread evenly over all classes (Szegedy et al. 2016, arXiv:1512.00567, section 7). */
  readonly labelSmoothing?: number | undefined
}

/**
 * Mean cross-entropy of a softmax over rows that count: `torch.nn.CrossEntropyLoss`. Without such a row it is 0.
 *
 * @param logits [B, C]
 * @param labels int32 [B], class numbers below C or `ignoreIndex`
 * @returns scalar, in nats
 * @throws KicError `losses/shape`, `losses/one-class`, `losses/label-smoothing`
 */
export const crossEntropy = (logits: Tensor, labels: Tensor, options: CrossEntropyOptions = {}): Scalar => {
  const { labelSmoothing = 0, classWeights } = options
  if (!(labelSmoothing >= 0 && labelSmoothing <= 1)) {
    throw new KicError<LossesErrorCode>(
      'losses/label-smoothing',
      `crossEntropy: labelSmoothing must be from 0 to 1, received ${labelSmoothing}. Correct it.`,
    )
  }
  return tf.tidy(() => {
    const rows = labelledRows('crossEntropy', logits, labels, options)
    const ofLabel = weightedMean(rows.ofLabel, rows.weights).neg().asScalar()
    if (labelSmoothing === 0) return ofLabel
    const perClass = classWeights ? rows.logProbabilities.mul(classWeights) : rows.logProbabilities
    const total = atLeast(rows.weights.sum())
    const uniform = perClass.sum(1).mul(rows.counted).sum().div(total).div(-rows.classes)
    return ofLabel
      .mul(1 - labelSmoothing)
      .add(uniform.mul(labelSmoothing))
      .asScalar()
  })
}
