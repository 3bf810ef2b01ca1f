import { createRandom } from '@kic/core'
import { softmax } from '../../probabilities/softmax.ts'

export interface SyntheticOptions {
  readonly seed: number
  readonly rows: number
  readonly classes: number
  /** How much the true class's logit stands out, by class number. */
  readonly signal: (c: number) => number
  /** Logits are multiplied by it after the fact: above 1 the classifier is overconfident, 1 is about calibrated. */
  readonly sharpness: number
  /** Frequencies of the classes fall as (c + 1)^-skew. */
  readonly skew: number
}

export interface SyntheticRows {
  readonly classes: number
  /** [N, C], float64 */
  readonly probabilities: Float64Array
  /** [N] */
  readonly actual: Int32Array
}

/** Rows of a made-up classifier: normal noise on every logit, a signal on the true class's. */
export const syntheticRows = (options: SyntheticOptions): SyntheticRows => {
  const { seed, rows, classes, signal, sharpness, skew } = options
  const random = createRandom(seed, 'synthetic rows')
  const weights = Array.from({ length: classes }, (_, c) => (c + 1) ** -skew)
  const total = weights.reduce((a, b) => a + b)
  const draw = (): number => {
    let left = random.next() * total
    return Math.max(
      0,
      weights.findIndex((weight) => {
        left -= weight
        return left < 0
      }),
    )
  }
  const actual = Int32Array.from({ length: rows }, draw)
  const probabilities = new Float64Array(rows * classes)
  actual.forEach((truth, row) => {
    const logits = Float64Array.from(
      { length: classes },
      (_, c) => sharpness * (random.normal() + (c === truth ? signal(c) : 0)),
    )
    probabilities.set(softmax(logits), row * classes)
  })
  return { classes, probabilities, actual }
}

/** The rows at some positions. */
export const rowsAt = (
  { classes, probabilities, actual }: SyntheticRows,
  at: readonly number[],
): SyntheticRows => {
  const chosen = new Float64Array(at.length * classes)
  for (const [i, row] of at.entries()) {
    chosen.set(probabilities.subarray(row * classes, (row + 1) * classes), i * classes)
  }
  return { classes, probabilities: chosen, actual: Int32Array.from(at, (row) => actual[row] ?? -1) }
}
