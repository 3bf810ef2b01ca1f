import { scoresError } from '../scores-error.ts'
import { copyRow, rowCount } from './matrix-rows.ts'
import { notANumber } from './not-a-number.ts'

/**
 * Indices of the `k` largest scores, best first, of equal ones the first; all of them where there are fewer.
 *
 * @param scores [C]
 * @throws KicError `scores/top-k` unless k is an integer from 0, `scores/not-a-number`
 */
export const topK = (scores: ArrayLike<number>, k: number): readonly number[] => {
  if (Number.isInteger(k) && k >= 0) return largestOf('topK', scores, k)
  throw scoresError('scores/top-k', `topK: k must be an integer from 0, received ${k}. Give a whole number.`)
}

/**
 * `topK` of each row: scores [N, C] → int32 [N, k].
 *
 * @throws KicError `scores/shape`, `scores/top-k` unless k is an integer from 1 to C, `scores/not-a-number`
 */
export const topKRows = (scores: ArrayLike<number>, classes: number, k: number): Int32Array => {
  const rows = rowCount('topKRows', scores, classes)
  if (!(Number.isInteger(k) && k >= 1 && k <= classes)) {
    throw scoresError(
      'scores/top-k',
      `topKRows: k must be an integer from 1 to the ${classes} classes, received ${k}. Ask for fewer.`,
    )
  }
  const best = new Int32Array(rows * k)
  const row = new Float64Array(classes)
  for (let i = 0; i < rows; i++) best.set(largestOf('topKRows', copyRow(scores, i, row), k, i), i * k)
  return best
}

const largestOf = (caller: string, scores: ArrayLike<number>, k: number, row?: number): number[] => {
  const best: number[] = []
  const scoreAt = (place: number): number => scores[best[place] ?? -1] ?? Number.NEGATIVE_INFINITY
  // The k-th best so far: most scores fall short of it at once.
  let floor = Number.NEGATIVE_INFINITY
  for (let c = 0; c < scores.length; c++) {
    const score = scores[c] ?? Number.NaN
    if (score <= floor && best.length >= k) continue
    if (Number.isNaN(score)) throw notANumber(caller, c, row)
    let place = best.length
    while (place > 0 && score > scoreAt(place - 1)) place--
    best.splice(place, 0, c)
    if (best.length > k) best.pop()
    if (best.length === k) floor = scoreAt(k - 1)
  }
  return best
}
