import { KicError, type Random, weightedChoice } from '@kic/core'
import type { NegativeSamplingErrorCode } from './error-code.ts'

/** Where wrong labels come from. */
export type NegativeSource =
  /** Any row, any wrong class, all alike. */
  | { readonly kind: 'random' }
  /** Rows mostly of classes that an earlier model missed often, with the classes it took them for. */
  | { readonly kind: 'confusion'; readonly matrix: ArrayLike<number> }
  /** A `share` of the negatives (default 0.5) from the confusions, the others at random. */
  | { readonly kind: 'mixed'; readonly matrix: ArrayLike<number>; readonly share?: number | undefined }

/** Draws a row and a class that the row does not belong to. */
export type DrawNegative = (random: Random) => { readonly row: number; readonly label: number }

/**
 * How negatives are drawn for rows of these classes.
 *
 * Of a confusion matrix [C, C], row by row, rows being the actual classes (as `confusionMatrix` of `@kic/trainer` counts
 * them, or any other numbers of at least 0), a row of class `i` is drawn in proportion to the share of `i` that was missed, and its
 * wrong label `j` in proportion to how often `i` was taken for `j`: "mainly the classes that are often wrong, with the
 * wrongly predicted label as the negative", as the second-placed solution has it.
 *
 * @param labels class number of each row
 * @throws KicError `negative-sampling/confusion-matrix`, `negative-sampling/no-confusions`,
 *   `negative-sampling/share`, `negative-sampling/label`
 */
export const negativeSource = (
  source: NegativeSource,
  labels: ArrayLike<number>,
  classes: number,
): DrawNegative => {
  checkLabels(labels, classes)
  const random: DrawNegative = (lots) => {
    const row = lots.int(labels.length)
    const other = lots.int(classes - 1)
    return { row, label: other < (labels[row] ?? 0) ? other : other + 1 }
  }
  if (source.kind === 'random') return random
  const confused = confusions(source.matrix, labels, classes)
  if (source.kind === 'confusion') return confused
  const { share = 0.5 } = source
  if (!(share >= 0 && share <= 1)) {
    throw new KicError<NegativeSamplingErrorCode>(
      'negative-sampling/share',
      `negativeSource: share must be within 0 and 1, received ${share}.`,
    )
  }
  return (lots) => (lots.next() < share ? confused(lots) : random(lots))
}

const confusions = (matrix: ArrayLike<number>, labels: ArrayLike<number>, classes: number): DrawNegative => {
  checkMatrix(matrix, classes)
  const wrong = Array.from({ length: classes }, (_, label) =>
    weightedChoice(classes, (other) => (other === label ? 0 : (matrix[label * classes + other] ?? 0))),
  )
  const missed = wrong.map(({ total }, label) =>
    total === 0 ? 0 : total / (total + (matrix[label * classes + label] ?? 0)),
  )
  const rows = weightedChoice(labels.length, (row) => missed[labels[row] ?? -1] ?? 0)
  if (rows.total === 0) {
    throw new KicError<NegativeSamplingErrorCode>(
      'negative-sampling/no-confusions',
      `negativeSource: of the ${labels.length} rows none is of a class that the confusion matrix has misses of. Take predictions on rows that the earlier model was not trained on, or draw at random.`,
    )
  }
  return (lots) => {
    const row = rows.draw(lots)
    return { row, label: wrong[labels[row] ?? -1]?.draw(lots) ?? 0 }
  }
}

const checkLabels = (labels: ArrayLike<number>, classes: number): void => {
  if (labels.length === 0) {
    throw new KicError<NegativeSamplingErrorCode>(
      'negative-sampling/label',
      'negativeSource: there are no rows to draw negatives for.',
    )
  }
  for (let row = 0; row < labels.length; row++) {
    const label = labels[row] ?? -1
    if (Number.isInteger(label) && label >= 0 && label < classes) continue
    throw new KicError<NegativeSamplingErrorCode>(
      'negative-sampling/label',
      `negativeSource: row ${row} is of class ${label}; with ${classes} class names it must be 0 to ${classes - 1}.`,
    )
  }
}

const checkMatrix = (matrix: ArrayLike<number>, classes: number): void => {
  if (matrix.length !== classes * classes) {
    throw new KicError<NegativeSamplingErrorCode>(
      'negative-sampling/confusion-matrix',
      `negativeSource: the confusion matrix of ${classes} classes must have ${classes} × ${classes} = ${classes * classes} entries, received ${matrix.length}. Count it over the classes that the names are of, in the same order.`,
    )
  }
  for (let entry = 0; entry < matrix.length; entry++) {
    const count = matrix[entry] ?? Number.NaN
    if (count >= 0 && Number.isFinite(count)) continue
    throw new KicError<NegativeSamplingErrorCode>(
      'negative-sampling/confusion-matrix',
      `negativeSource: entry [${Math.floor(entry / classes)}, ${entry % classes}] of the confusion matrix is ${count}; it must be a number of at least 0.`,
    )
  }
}
