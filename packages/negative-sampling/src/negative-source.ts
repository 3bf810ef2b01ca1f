import { defined, KicError, type Random, weightedChoice } from '@kic/core'
import type { NegativeSamplingErrorCode } from './error-code.ts'

/** The source of wrong labels. */
export type NegativeSource =
  /** Any row and any wrong class, with equal probability. */
  | { readonly kind: 'random' }
  /** Mostly rows of classes that an earlier model missed often, with the classes that it predicted instead. */
  | { readonly kind: 'confusion'; readonly matrix: ArrayLike<number> }
  /** A `share` of the negatives (default 0.5) from the confusions, and the others at random. */
  | { readonly kind: 'mixed'; readonly matrix: ArrayLike<number>; readonly share?: number | undefined }

/** Draws a row and a wrong class for it. */
export type DrawNegative = (random: Random) => { readonly row: number; readonly label: number }

/**
 * A function that draws negatives for rows of these classes.
 *
 * A confusion matrix is [C, C], row by row, with the actual classes as rows: a result of `confusionMatrix` of `@kic/scores`,
 * or any other numbers of at least 0. A row of class `i` is drawn in proportion to the missed share of `i`, and its wrong
 * label `j` in proportion to the predictions of `j` for `i`. In the words of the second-placed solution: "mainly the classes
 * that are often wrong, with the wrongly predicted label as the negative".
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
    return { row, label: other < defined(labels[row]) ? other : other + 1 }
  }
  if (source.kind === 'random') return random
  const confused = confusions(source.matrix, labels, classes)
  if (source.kind === 'confusion') return confused
  const { share = 0.5 } = source
  if (!(share >= 0 && share <= 1)) {
    throw new KicError<NegativeSamplingErrorCode>(
      'negative-sampling/share',
      `negativeSource: share must be within 0 and 1, received ${share}. Correct it.`,
    )
  }
  return (lots) => (lots.next() < share ? confused(lots) : random(lots))
}

const confusions = (matrix: ArrayLike<number>, labels: ArrayLike<number>, classes: number): DrawNegative => {
  checkMatrix(matrix, classes)
  const wrong = Array.from({ length: classes }, (_, label) =>
    weightedChoice(classes, (other) => (other === label ? 0 : defined(matrix[label * classes + other]))),
  )
  const missed = wrong.map(({ total }, label) =>
    total === 0 ? 0 : total / (total + defined(matrix[label * classes + label])),
  )
  const rows = weightedChoice(labels.length, (row) => defined(missed[defined(labels[row])]))
  if (rows.total === 0) {
    throw new KicError<NegativeSamplingErrorCode>(
      'negative-sampling/no-confusions',
      `negativeSource: some row must be of a class with misses in the confusion matrix, received none in ${labels.length}. Use predictions on rows outside the earlier model's training, or draw at random.`,
    )
  }
  return (lots) => {
    const row = rows.draw(lots)
    return { row, label: defined(wrong[defined(labels[row])]).draw(lots) }
  }
}

const checkLabels = (labels: ArrayLike<number>, classes: number): void => {
  if (labels.length === 0) {
    throw new KicError<NegativeSamplingErrorCode>(
      'negative-sampling/label',
      'negativeSource: at least one row must be given, received none. Pass labels.',
    )
  }
  for (let row = 0; row < labels.length; row++) {
    const label = labels[row]
    if (label !== undefined && Number.isInteger(label) && label >= 0 && label < classes) continue
    throw new KicError<NegativeSamplingErrorCode>(
      'negative-sampling/label',
      `negativeSource: labels must be 0 to ${classes - 1} with ${classes} class names, received ${label} for row ${row}. Correct it.`,
    )
  }
}

const checkMatrix = (matrix: ArrayLike<number>, classes: number): void => {
  if (matrix.length !== classes * classes) {
    throw new KicError<NegativeSamplingErrorCode>(
      'negative-sampling/confusion-matrix',
      `negativeSource: the confusion matrix of ${classes} classes must have ${classes} × ${classes} = ${classes * classes} entries, received ${matrix.length}. Count it over the classes of the names, in the same order.`,
    )
  }
  for (let entry = 0; entry < matrix.length; entry++) {
    const count = matrix[entry]
    if (count !== undefined && count >= 0 && Number.isFinite(count)) continue
    throw new KicError<NegativeSamplingErrorCode>(
      'negative-sampling/confusion-matrix',
      `negativeSource: entries of the confusion matrix must be at least 0, received ${count} at [${Math.floor(entry / classes)}, ${entry % classes}]. Correct it.`,
    )
  }
}
