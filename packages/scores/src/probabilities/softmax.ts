import { checkTemperature } from './check-temperature.ts'
import { copyRow, rowCount } from './matrix-rows.ts'

export interface SoftmaxOptions {
  /** Divides the logits, as differences from the largest one. Default 1. */
  readonly temperature?: number | undefined
  /** [C], overwritten and returned, so that many rows need the memory of one; may be the logits themselves. */
  readonly into?: Float64Array | undefined
}

/**
 * `softmax(logits / temperature)` of one row, [C], in float64. A logit of −∞ becomes 0; a row with NaN or +∞, or of −∞
 * alone, becomes NaN as a whole.
 *
 * @throws KicError `scores/temperature`
 */
export const softmax = (
  logits: ArrayLike<number>,
  { temperature = 1, into = new Float64Array(logits.length) }: SoftmaxOptions = {},
): Float64Array => {
  checkTemperature('softmax', temperature)
  let largest = Number.NEGATIVE_INFINITY
  for (let c = 0; c < into.length; c++) largest = Math.max(largest, logits[c] ?? Number.NaN)
  let sum = 0
  for (let c = 0; c < into.length; c++) {
    const weight = Math.exp(((logits[c] ?? Number.NaN) - largest) / temperature)
    into[c] = weight
    sum += weight
  }
  for (let c = 0; c < into.length; c++) into[c] = (into[c] ?? Number.NaN) / sum
  return into
}

/**
 * `softmax` of each row: logits [N, C] → probabilities [N, C].
 *
 * @throws KicError `scores/shape`
 */
export const softmaxRows = (logits: ArrayLike<number>, classes: number): Float32Array => {
  const rows = rowCount('softmaxRows', logits, classes)
  const probabilities = new Float32Array(rows * classes)
  const row = new Float64Array(classes)
  const options = { into: row }
  for (let i = 0; i < rows; i++) probabilities.set(softmax(copyRow(logits, i, row), options), i * classes)
  return probabilities
}
