import type { Tensor } from '@kic/engine'
import { fusedKernel } from '@kic/engine'
import * as tf from '@tensorflow/tfjs'
import { savedAt, withGradient } from './with-gradient.ts'

/**
 * The exact Gaussian error linear unit, `x · Φ(x)` with `Φ(x) = (1 + erf(x / √2)) / 2`, for any shape.
 *
 * Hendrycks & Gimpel 2016, arXiv:1606.08415; `gelu` of transformers, not its tanh approximation. The gradient is
 * `Φ(x) + x · φ(x)`.
 */
export const gelu = (x: Tensor): Tensor =>
  withGradient([x], () => ({
    value:
      fusedKernel('Gelu', [x])?.[0] ?? tf.mul(x, tf.mul(tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1), 0.5)),
    save: [x],
    gradient: (dy, saved) => [tf.mul(tf.mul(dy, 0.5), twiceDerivative(savedAt(saved, 0)))],
  }))

/** `1 + erf(x / √2) + x · √(2 / π) · exp(-x² / 2)`: as few passes over memory as the operations allow. */
const twiceDerivative = (x: Tensor): Tensor => {
  const cdf = tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1)
  const density = tf.exp(tf.mul(tf.mul(x, -0.5), x))
  return tf.add(cdf, tf.mul(tf.mul(x, Math.sqrt(2 / Math.PI)), density))
}
