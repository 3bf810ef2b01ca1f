import { KicError } from '@kic/core'
import * as tf from '@tensorflow/tfjs'

export interface CrossEntropyOptions {
  /** Rows with this label do not count, as padding rows and unmasked tokens; default -100, as in PyTorch. */
  readonly ignoreIndex?: number
  /** Share of the target spread evenly over all classes (Szegedy et al. 2016, arXiv:1512.00567, section 7). */
  readonly labelSmoothing?: number
  /** A factor for each class, [C]; the mean is then weighted, as in PyTorch. */
  readonly classWeights?: tf.Tensor
}

/**
 * Mean cross-entropy of a softmax over rows that count: `torch.nn.CrossEntropyLoss`. Without such a row it is 0.
 *
 * @param logits [B, C]
 * @param labels int32 [B], class numbers below C or `ignoreIndex`
 * @returns scalar, in nats
 * @throws KicError `losses/shape`, `losses/label-smoothing`
 */
export const crossEntropy = (
  logits: tf.Tensor,
  labels: tf.Tensor,
  { ignoreIndex = -100, labelSmoothing = 0, classWeights }: CrossEntropyOptions = {},
): tf.Scalar => {
  const classes = checkedClasses('crossEntropy', logits, labels)
  if (!(labelSmoothing >= 0 && labelSmoothing <= 1)) {
    throw new KicError(
      'losses/label-smoothing',
      `crossEntropy: labelSmoothing must be within 0 and 1, got ${labelSmoothing}`,
    )
  }
  return tf.tidy(() => {
    const counted = labels.notEqual(tf.scalar(ignoreIndex, 'int32')).cast('float32') // [B]
    const oneHot = tf.oneHot(labels.cast('int32'), classes).cast('float32') // [B, C]
    const logProbabilities = tf.logSoftmax(logits) // [B, C]
    const rowWeights = classWeights ? counted.mul(oneHot.mul(classWeights).sum(1)) : counted // [B]
    const total = tf.maximum(rowWeights.sum(), 1e-30)
    const ofLabel = logProbabilities.mul(oneHot).sum(1).mul(rowWeights).sum().div(total).neg()
    if (labelSmoothing === 0) return ofLabel.asScalar()
    const perClass = classWeights ? logProbabilities.mul(classWeights) : logProbabilities
    const uniform = perClass.sum(1).mul(counted).sum().div(total).div(-classes)
    return ofLabel
      .mul(1 - labelSmoothing)
      .add(uniform.mul(labelSmoothing))
      .asScalar()
  })
}

/**
 * C, after checking that logits are [B, C] and labels [B].
 *
 * @throws KicError `losses/shape`
 */
export const checkedClasses = (caller: string, logits: tf.Tensor, labels: tf.Tensor): number => {
  const [batch, classes] = logits.shape
  if (logits.rank !== 2 || classes === undefined || labels.rank !== 1 || labels.shape[0] !== batch) {
    throw new KicError(
      'losses/shape',
      `${caller}: logits must be [B, C] and labels [B], got [${logits.shape}] and [${labels.shape}]`,
    )
  }
  return classes
}
