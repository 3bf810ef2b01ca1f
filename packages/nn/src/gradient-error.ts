import { createRandom, defined } from '@kic/core'
import type { Tensor } from '@kic/engine'
import * as tf from '@tensorflow/tfjs'

export interface GradientErrorOptions {
  /** Distance of the two evaluations from the point; default 0.01. */
  readonly step?: number | undefined
  /** Seed of the weights that reduce the outputs to a scalar, and of the choice of entries; default 0. */
  readonly seed?: number | undefined
  /** The most entries of each input to move, chosen at random; default: all. */
  readonly entries?: number | undefined
}

/**
 * Compares a function's gradients with finite differences on the current eager backend. Returns the largest deviation
 * of any entry, relative to the largest entry of that input's gradient (or to 1e-2 if all are smaller).
 *
 * Outputs are summed in float64 with random weights, so errors do not cancel. A correct gradient of a smooth function
 * in float32 stays below 0.001.
 *
 * @param inputs float32 tensors, each differentiated with respect to
 */
export const gradientError = (
  fn: (...inputs: Tensor[]) => Tensor,
  inputs: readonly Tensor[],
  { step = 0.01, seed = 0, entries = Number.POSITIVE_INFINITY }: GradientErrorOptions = {},
): number =>
  tf.tidy(() => {
    const shape = fn(...inputs).shape
    const random = createRandom('gradient-error', seed)
    const weights = Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () => random.normal())
    const analytic = tf.grads((...xs: Tensor[]) => fn(...xs))([...inputs], tf.tensor(weights, shape))
    const errors = inputs.map((input, position) => {
      const values = Float32Array.from(input.dataSync())
      const objective = (index: number, value: number): number =>
        tf.tidy(() => {
          const changed = values.slice()
          changed[index] = value
          const replaced = inputs.map((other, i) =>
            i === position ? tf.tensor(changed, input.shape) : other,
          )
          return fn(...replaced)
            .dataSync<'float32'>()
            .reduce((sum, y, i) => sum + y * defined(weights[i]), 0)
        })
      const every = Array.from(values.keys())
      const moved = every.length > entries ? random.shuffle(every).slice(0, entries) : every
      const numeric = moved.map((index) => {
        const value = values[index] ?? Number.NaN
        const near = objective(index, value + step) - objective(index, value - step)
        const far = objective(index, value + 2 * step) - objective(index, value - 2 * step)
        return (8 * near - far) / (12 * step)
      })
      const exact = analytic[position]?.dataSync() ?? new Float32Array()
      const largest = numeric.reduce((max, g) => Math.max(max, Math.abs(g)), 1e-2)
      return (
        numeric.reduce((worst, g, i) => Math.max(worst, Math.abs(g - defined(exact[defined(moved[i])]))), 0) /
        largest
      )
    })
    return Math.max(...errors)
  })
