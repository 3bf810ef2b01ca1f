import type { Scalar, Tensor } from '@kic/engine'
import * as tf from '@tensorflow/tfjs'
import { type CrossEntropyOptions, crossEntropy } from './cross-entropy.ts'
import { checkedNumber, labelledRows, weightedMean } from './labelled-rows.ts'

export interface ExpectedAccuracyLossOptions extends CrossEntropyOptions {
  /** Factor of the cross-entropy; default 1. With 0, only the expected error rate counts. */
  readonly crossEntropyWeight?: number | undefined
}

/**
 * Cross-entropy plus the expected error rate, `1 - mean p(label)`: the error rate of a classifier that draws its answer
 * from the softmax, and unlike the counted error rate differentiable.
 *
 * Up to a factor of 2 the expected error rate is the mean absolute error of Ghosh, Kumar & Sastry 2017
 * (arXiv:1712.09482), which bounds the influence of a wrong label: the gradient of a row is `p(label) · (p - one-hot)`. It
 * vanishes for rows that the model is sure to get wrong, hence the cross-entropy beside it.
 *
 * @param logits [B, C]
 * @param labels int32 [B]
 * @returns scalar
 * @throws KicError `losses/shape`, `losses/one-class`, `losses/label-smoothing`, `losses/weight`
 */
export const expectedAccuracyLoss = (
  logits: Tensor,
  labels: Tensor,
  { crossEntropyWeight = 1, ...options }: ExpectedAccuracyLossOptions = {},
): Scalar => {
  checkedNumber('losses/weight', 'expectedAccuracyLoss', 'crossEntropyWeight', crossEntropyWeight, 0)
  return tf.tidy(() => {
    const { ofLabel, weights } = labelledRows('expectedAccuracyLoss', logits, labels, options)
    const expectedError = weightedMean(tf.sub(1, tf.exp(ofLabel)), weights)
    return crossEntropy(logits, labels, options).mul(crossEntropyWeight).add(expectedError).asScalar()
  })
}
