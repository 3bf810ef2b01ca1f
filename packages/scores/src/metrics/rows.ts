import { KicError } from '@kic/core'

/** The column of each row's largest value (the first of equals): scores [N, C] → int32 [N]. */
export const argMaxRows = (scores: ArrayLike<number>, classes: number): Int32Array => {
  const result = new Int32Array(rowCount('argMaxRows', scores, classes))
  for (let row = 0; row < result.length; row++) {
    let best = 0
    for (let column = 1; column < classes; column++) {
      if ((scores[row * classes + column] ?? 0) > (scores[row * classes + best] ?? 0)) best = column
    }
    result[row] = best
  }
  return result
}

/** Softmax of each row: logits [N, C] → probabilities [N, C]. */
export const softmaxRows = (logits: ArrayLike<number>, classes: number): Float32Array => {
  const rows = rowCount('softmaxRows', logits, classes)
  const result = new Float32Array(rows * classes)
  for (let row = 0; row < rows; row++) {
    const start = row * classes
    let highest = Number.NEGATIVE_INFINITY
    for (let i = start; i < start + classes; i++) highest = Math.max(highest, logits[i] ?? 0)
    let total = 0
    for (let i = start; i < start + classes; i++) total += Math.exp((logits[i] ?? 0) - highest)
    for (let i = start; i < start + classes; i++) result[i] = Math.exp((logits[i] ?? 0) - highest) / total
  }
  return result
}

/**
 * N of a matrix [N, C].
 *
 * @throws KicError `trainer/metric-shape`
 */
export const rowCount = (caller: string, scores: ArrayLike<number>, classes: number): number => {
  const rows = scores.length / classes
  if (Number.isInteger(classes) && classes > 0 && Number.isInteger(rows)) return rows
  throw new KicError(
    'trainer/metric-shape',
    `${caller}: ${scores.length} scores are not rows of ${classes} classes; give a matrix [N, C], row by row`,
  )
}

/** @throws KicError `trainer/metric-shape` unless both have the same number of rows, at least one. */
export const checkRows = (caller: string, predicted: number, actual: number): void => {
  if (predicted === actual && actual > 0) return
  throw new KicError(
    'trainer/metric-shape',
    `${caller}: ${predicted} predictions for ${actual} labels; both need the same number, at least one`,
  )
}
