import { KicError } from '@kic/core'
import type { Tensor } from '@kic/engine'
import { fusedKernel } from '@kic/engine'
import * as tf from '@tensorflow/tfjs'
import type { NnErrorCode } from './error-code.ts'
import { flattenRows } from './flatten-rows.ts'
import { savedAt, withGradient } from './with-gradient.ts'

/**
 * Layer normalisation over the last axis, with the biased variance, like `torch.nn.LayerNorm`: [..., H] → [..., H].
 *
 * Ba, Kiros & Hinton 2016, arXiv:1607.06450. With x̂ the normalised rows and g = dy · weight, the gradient of x is `(g
 * - mean(g) - x̂ · mean(g · x̂)) / σ`.
 *
 * @param weight [H]
 * @param bias [H]
 * @param epsilon added to the variance
 * @throws KicError `nn/layer-norm-shape`
 */
export const layerNorm = (x: Tensor, weight: Tensor, bias: Tensor, epsilon: number): Tensor => {
  const width = x.shape.at(-1)
  for (const [name, tensor] of [['weight', weight] as const, ['bias', bias] as const]) {
    if (tensor.rank !== 1 || tensor.shape[0] !== width) {
      throw new KicError<NnErrorCode>(
        'nn/layer-norm-shape',
        `layerNorm: the ${name} must be [${width}], the last axis of x [${x.shape}], received [${tensor.shape}]. Use the layer's own parameters.`,
      )
    }
  }
  return tf.tidy(() => {
    const rows = flattenRows(x) // [n, H]
    const y = withGradient([rows, weight, bias], () => {
      const [value, mean, inverseDeviation] = normalize(rows, weight, bias, epsilon)
      return { value, save: [rows, mean, inverseDeviation, weight], gradient: layerNormGradient }
    })
    return x.rank === 2 ? y : tf.reshape(y, x.shape)
  })
}

/** The normalised rows [n, H], and for their gradient the means and inverse deviations, [n, 1]. */
const normalize = (rows: Tensor, weight: Tensor, bias: Tensor, epsilon: number): [Tensor, Tensor, Tensor] => {
  const [y, mean, inverseDeviation] =
    fusedKernel('LayerNormalization', [rows, weight, bias], { epsilon }) ?? []
  if (y !== undefined && mean !== undefined && inverseDeviation !== undefined)
    return [y, mean, inverseDeviation]
  const means = tf.mean(rows, 1, true)
  const centered = tf.sub(rows, means)
  const inverse = tf.rsqrt(tf.add(tf.mean(tf.square(centered), 1, true), epsilon))
  return [tf.add(tf.mul(tf.mul(centered, inverse), weight), bias), means, inverse]
}

/** Gradients of rows [n, H], weight [H] and bias [H]. */
const layerNormGradient = (dy: Tensor, saved: readonly Tensor[]): Tensor[] => {
  const [rows, mean] = [savedAt(saved, 0), savedAt(saved, 1)]
  const [inverseDeviation, weight] = [savedAt(saved, 2), savedAt(saved, 3)]
  const normalized = tf.mul(tf.sub(rows, mean), inverseDeviation)
  const dyNormalized = tf.mul(dy, normalized)
  const g = tf.mul(dy, weight)
  const meanG = tf.mean(g, 1, true) // [n, 1]
  const meanGNormalized = tf.mean(tf.mul(dyNormalized, weight), 1, true) // [n, 1]
  const dx = tf.mul(tf.sub(tf.sub(g, meanG), tf.mul(normalized, meanGNormalized)), inverseDeviation)
  return [dx, tf.sum(dyNormalized, 0), tf.sum(dy, 0)]
}
