import type { Scalar, Tensor } from '@kic/engine'
import * as tf from '@tensorflow/tfjs'
import { type CrossEntropyOptions, crossEntropy } from './cross-entropy.ts'
import { checkedLabels, weightedMean } from './labelled-rows.ts'

/**
 * Share of rows whose largest logit is not the label's; of equal logits the first counts. It is constant almost everywhere,
 * so its gradient is zero.
 *
 * @param logits [B, C]
 * @param labels int32 [B]
 * @returns scalar between 0 and 1; 0 without a row that counts
 * @throws KicError `losses/shape`, `losses/one-class`
 */
export const errorRate = (
  logits: Tensor,
  labels: Tensor,
  { ignoreIndex = -100 }: { readonly ignoreIndex?: number | undefined } = {},
): Scalar => {
  checkedLabels('errorRate', logits, labels, ignoreIndex)
  // TensorFlow.js has no gradient of argMax, not even a zero one, and would stop there.
  const constant = tf.customGrad((...args) => {
    const [x] = args
    const counted = labels.notEqual(tf.scalar(ignoreIndex, 'int32')).cast('float32') // [B]
    const wrong = logits.argMax(1).notEqual(labels.cast('int32')).cast('float32') // [B]
    return {
      value: weightedMean(wrong, counted),
      gradFunc: () => (x instanceof tf.Tensor ? tf.zerosLike(x) : tf.zerosLike(logits)),
    }
  })
  return tf.tidy(() => constant(logits).asScalar())
}

export interface AccuracyLossOptions extends CrossEntropyOptions {
  /** The error rate is kept this far from 0 and 1; default 1e-7, as published. */
  readonly epsilon?: number | undefined
}

/**
 * The accuracy loss as published: cross-entropy plus the batch's error rate, `clamp(1 - accuracy, ε, 1 - ε)`.
 *
 * Only its value differs from cross-entropy: the error rate has no gradient, so training with it is training with
 * cross-entropy, step for step. Over several micro-batches the gradient is exact, while the reported error rate is so up
 * to ε and without class weights: it counts rows alike, and is clamped in each micro-batch. `expectedAccuracyLoss` is its
 * differentiable relative. Source: `AcurracyLoss` of the
 * competition's second-placed solution.
 *
 * @param logits [B, C]
 * @param labels int32 [B]
 * @returns scalar
 * @throws KicError `losses/shape`, `losses/one-class`, `losses/label-smoothing`
 */
export const accuracyLoss = (
  logits: Tensor,
  labels: Tensor,
  { epsilon = 1e-7, ...options }: AccuracyLossOptions = {},
): Scalar =>
  tf.tidy(() => {
    const error = tf.clipByValue(errorRate(logits, labels, options), epsilon, 1 - epsilon)
    return crossEntropy(logits, labels, options).add(error).asScalar()
  })
