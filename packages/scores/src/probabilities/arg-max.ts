import { scoresError } from '../scores-error.ts'
import { copyRow, rowCount } from './matrix-rows.ts'
import { notANumber } from './not-a-number.ts'

/**
 * The index of the largest score, of equal ones the first.
 *
 * @param scores [C], at least one
 * @throws KicError `scores/shape` without a score, `scores/not-a-number`
 */
export const argMax = (scores: ArrayLike<number>): number => {
  if (scores.length > 0) return firstLargest('argMax', scores)
  throw scoresError(
    'scores/shape',
    'argMax: there must be a largest score, received none. Give at least one.',
  )
}

/**
 * `argMax` of each row: scores [N, C] → int32 [N].
 *
 * @throws KicError `scores/shape`, `scores/not-a-number`
 */
export const argMaxRows = (scores: ArrayLike<number>, classes: number): Int32Array => {
  const row = new Float64Array(classes)
  return Int32Array.from({ length: rowCount('argMaxRows', scores, classes) }, (_, i) =>
    firstLargest('argMaxRows', copyRow(scores, i, row), i),
  )
}

const firstLargest = (caller: string, scores: ArrayLike<number>, row?: number): number => {
  let best = 0
  let largest = Number.NEGATIVE_INFINITY
  for (let c = 0; c < scores.length; c++) {
    const score = scores[c] ?? Number.NaN
    if (score > largest) {
      best = c
      largest = score
    } else if (Number.isNaN(score)) throw notANumber(caller, c, row)
  }
  return best
}
