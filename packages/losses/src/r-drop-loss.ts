import { KicError } from '@kic/core'
import type { Scalar, Tensor } from '@kic/engine'
import * as tf from '@tensorflow/tfjs'
import { type CrossEntropyOptions, crossEntropy } from './cross-entropy.ts'
import type { LossesErrorCode } from './error-code.ts'
import { checkedNumber, labelledRows, weightedMean } from './labelled-rows.ts'

export interface RDropLossOptions extends CrossEntropyOptions {
  /** Factor of the divergence; default 1. The paper takes 0.1 to 1 for classification. */
  readonly alpha?: number | undefined
}

/**
 * R-Drop: the mean cross-entropy of two passes over one batch, plus α times half the sum of both Kullback-Leibler
 * divergences between their predictions.
 *
 * Liang et al. 2021 (arXiv:2106.14448), equations 2 to 4; halved altogether, as in the authors' code, so that α = 0 is
 * cross-entropy. Both passes come from one function: each call of `ctx.dropout` draws its own mask.
 *
 * @param passes logits [B, C] of two passes
 * @param labels int32 [B]
 * @returns scalar, in nats
 * @throws KicError `losses/shape`, `losses/one-class`, `losses/label-smoothing`, `losses/alpha`
 */
export const rDropLoss = (
  [first, second]: readonly [Tensor, Tensor],
  labels: Tensor,
  { alpha = 1, ...options }: RDropLossOptions = {},
): Scalar => {
  checkedNumber('losses/alpha', 'rDropLoss', 'alpha', alpha, 0)
  if (`${first.shape}` !== `${second.shape}`) {
    throw new KicError<LossesErrorCode>(
      'losses/shape',
      `rDropLoss: both passes must have the same shape, received [${first.shape}] and [${second.shape}]. Run one model twice.`,
    )
  }
  return tf.tidy(() => {
    const p = labelledRows('rDropLoss', first, labels, options)
    const q = labelledRows('rDropLoss', second, labels, options)
    const [logP, logQ] = [p.logProbabilities, q.logProbabilities]
    // KL(P‖Q) + KL(Q‖P) = Σ (P - Q) · (log P - log Q).
    const divergence = tf.exp(logP).sub(tf.exp(logQ)).mul(logP.sub(logQ)).sum(1) // [B]
    const entropy = crossEntropy(first, labels, options).add(crossEntropy(second, labels, options))
    return entropy
      .mul(0.5)
      .add(weightedMean(divergence, p.weights).mul(0.5 * alpha))
      .asScalar()
  })
}
