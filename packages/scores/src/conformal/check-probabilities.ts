import { notANumber } from '../probabilities/not-a-number.ts'
import { scoresError } from '../scores-error.ts'

/** Sums of float32 probabilities may exceed 1 by so much. */
const ROUNDING = 1e-4

/** @throws KicError `scores/not-a-number`, or `scores/probability` for a number below 0 or above 1 */
export const checkProbabilities = (caller: string, probabilities: ArrayLike<number>, row?: number): void => {
  for (let c = 0; c < probabilities.length; c++) {
    const probability = probabilities[c] ?? Number.NaN
    if (probability >= 0 && probability <= 1 + ROUNDING) continue
    if (Number.isNaN(probability)) throw notANumber(caller, c, row)
    throw scoresError(
      'scores/probability',
      `${caller}: probabilities must be between 0 and 1, received ${probability} in column ${c}` +
        `${row === undefined ? '' : ` of row ${row}`}. Pass logits through softmax first.`,
    )
  }
}
