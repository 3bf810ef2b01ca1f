import { scoresError } from '../scores-error.ts'

/**
 * N of a matrix [N, C].
 *
 * @throws KicError `scores/shape`
 */
export const rowCount = (caller: string, scores: ArrayLike<number>, classes: number): number => {
  const rows = scores.length / classes
  if (Number.isInteger(classes) && classes > 0 && Number.isInteger(rows)) return rows
  throw scoresError(
    'scores/shape',
    `${caller}: scores must be a matrix [N, C], received ${scores.length} scores of ${classes} classes. ` +
      'Give C scores for each row, row by row.',
  )
}

/** Copies a row of a matrix [N, C] into `row`, [C], and returns it. */
export const copyRow = (scores: ArrayLike<number>, at: number, row: Float64Array): Float64Array => {
  const start = at * row.length
  for (let c = 0; c < row.length; c++) row[c] = scores[start + c] ?? Number.NaN
  return row
}
