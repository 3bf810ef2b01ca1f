import type { Scalar, Tensor } from '@kic/engine'
import * as tf from '@tensorflow/tfjs'
import { checkedNumber, labelledRows, type RowOptions, weightedMean } from './labelled-rows.ts'

export interface FocalLossOptions extends RowOptions {
  /** How strongly rows that are right already are discounted; 0 is cross-entropy, default 2 as in the paper. */
  readonly gamma?: number | undefined
}

/** Below this, `1 - p` counts as this: the smallest step of a float32 below 1 is 6e-8. */
const LEAST = 1e-8

/**
 * Focal loss, the mean of `-(1 - p)^γ · log p` with p the label's probability: Lin et al. 2017 (arXiv:1708.02002,
 * equation 4; with class weights equation 5).
 *
 * @param logits [B, C]
 * @param labels int32 [B]
 * @returns scalar, in nats
 * @throws KicError `losses/shape`, `losses/one-class`, `losses/gamma`
 */
export const focalLoss = (
  logits: Tensor,
  labels: Tensor,
  { gamma = 2, ...options }: FocalLossOptions = {},
): Scalar => {
  checkedNumber('losses/gamma', 'focalLoss', 'gamma', gamma, 0)
  return tf.tidy(() => {
    const { ofLabel, weights } = labelledRows('focalLoss', logits, labels, options)
    const difficulty = tf.pow(tf.maximum(tf.sub(1, tf.exp(ofLabel)), LEAST), gamma) // [B]
    return weightedMean(difficulty.mul(ofLabel), weights).neg().asScalar()
  })
}
