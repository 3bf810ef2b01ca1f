import type { Tensor } from '@tensorflow/tfjs'
import * as tf from '@tensorflow/tfjs'
import { savedAt, withGradient } from './with-gradient.ts'

/**
 * The exact Gaussian error linear unit, `x · Φ(x)` with `Φ(x) = (1 + erf(x / √2)) / 2`, for any shape.
 *
 * Hendrycks & Gimpel 2016, arXiv:1606.08415; `gelu` of transformers, not its tanh approximation. The gradient is
 * `Φ(x) + x · φ(x)`.
 */
export const gelu = (x: Tensor): Tensor =>
  withGradient([x], () => {
    const cdf = tf.add(tf.mul(tf.erf(tf.mul(x, Math.SQRT1_2)), 0.5), 0.5)
    return {
      value: tf.mul(x, cdf),
      save: [x, cdf],
      gradient: (dy, saved) => [tf.mul(dy, geluDerivative(savedAt(saved, 0), savedAt(saved, 1)))],
    }
  })

const geluDerivative = (x: Tensor, cdf: Tensor): Tensor => {
  const xTimesDensity = tf.mul(tf.mul(tf.exp(tf.mul(tf.square(x), -0.5)), x), 1 / Math.sqrt(2 * Math.PI))
  return tf.add(cdf, xTimesDensity)
}
