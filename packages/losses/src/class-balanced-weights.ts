import { KicError } from '@kic/core'
import type { LossesErrorCode } from './error-code.ts'

export interface ClassBalancedOptions {
  /**
   * How much further examples of a class still add, in [0, 1): 0 weighs all classes alike, towards 1 the weights become
   * inverse frequencies. Default 0.999; the paper tries 0.9, 0.99, 0.999 and 0.9999.
   */
  readonly beta?: number | undefined
}

/**
 * Class weights by the effective number of examples, `E(n) = (1 - βⁿ) / (1 - β)`: each class weighs `1 / E(n)`, scaled so
 * that the classes that occur have the mean weight 1. A class that does not occur weighs 0.
 *
 * Cui et al. 2019 (arXiv:1901.05555), equations 2 and 7. Give them to a loss as
 * `classWeights: tf.tensor1d(classBalancedWeights(counts))`.
 *
 * @param counts examples of each class, C numbers
 * @throws KicError `losses/counts`, `losses/beta`
 */
export const classBalancedWeights = (
  counts: ArrayLike<number>,
  { beta = 0.999 }: ClassBalancedOptions = {},
): Float32Array => {
  if (!(beta >= 0 && beta < 1)) {
    throw new KicError<LossesErrorCode>(
      'losses/beta',
      `classBalancedWeights: beta must be at least 0 and below 1, received ${beta}. Correct it.`,
    )
  }
  const numbers = Array.from(counts)
  const bad = numbers.findIndex((n) => !Number.isInteger(n) || n < 0)
  if (bad >= 0 || !numbers.some((n) => n > 0)) {
    const what = bad >= 0 ? `class ${bad} has ${numbers[bad]}` : `all ${numbers.length} are 0`
    throw new KicError<LossesErrorCode>(
      'losses/counts',
      `classBalancedWeights: counts must be whole numbers from 0, at least one of them above; ${what}`,
    )
  }
  const inverse = numbers.map((n) => (n === 0 ? 0 : (1 - beta) / (1 - beta ** n)))
  const occurring = numbers.filter((n) => n > 0).length
  const scale = occurring / inverse.reduce((sum, x) => sum + x, 0)
  return Float32Array.from(inverse, (x) => x * scale)
}
