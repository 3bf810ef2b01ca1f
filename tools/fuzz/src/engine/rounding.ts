import * as tf from '@tensorflow/tfjs'

/** Relative size of the errors added to measure the effect of rounding: about ten times float32's own. */
const NOISE = 1e-6

/** A tensor with an error in every element, relative to the element and to the largest one; differentiable. */
export const disturbed = (x: tf.Tensor, step: number): tf.Tensor => {
  // Functions that end in 0 and 1 are computed with errors relative to 1.
  const largest = Array.from(x.dataSync()).reduce(
    (a, b) => (Number.isFinite(b) ? Math.max(a, Math.abs(b)) : a),
    1,
  )
  const noise = (salt: number): tf.Tensor =>
    tf.tensor(
      Float32Array.from({ length: x.size }, (_, i) => Math.sin(12.9898 * (i + 1) + 78.233 * (step + salt))),
      x.shape,
    )
  return x.mul(noise(0.3).mul(NOISE).add(1)).add(noise(0.7).mul(NOISE * largest))
}

/** The same tensor, with errors in the gradient that passes through it. */
export const disturbedBackward = (x: tf.Tensor, step: number): tf.Tensor =>
  tf.customGrad((value) => {
    if (!(value instanceof tf.Tensor)) throw new Error('a tensor')
    return { value: value.clone(), gradFunc: (dy: tf.Tensor) => disturbed(dy, step) }
  })(x)

/** The largest difference between finite elements. */
export const deviation = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let largest = 0
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs((a[i] ?? 0) - (b[i] ?? 0))
    if (Number.isFinite(difference)) largest = Math.max(largest, difference)
  }
  return largest
}
