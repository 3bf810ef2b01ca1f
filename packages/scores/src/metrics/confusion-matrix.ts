import { scoresError } from '../scores-error.ts'
import { checkRows } from './check-rows.ts'

/**
 * How often class `i` was taken for class `j`: int32 [C, C], row by row, rows are the actual classes, as scikit-learn's
 * `confusion_matrix`.
 *
 * @throws KicError `scores/shape`, `scores/labels` for a label outside of 0 to C - 1.
 */
export const confusionMatrix = (
  predicted: ArrayLike<number>,
  actual: ArrayLike<number>,
  classes: number,
): Int32Array => {
  checkRows('confusionMatrix', predicted.length, actual.length)
  const counts = new Int32Array(classes * classes)
  for (let row = 0; row < actual.length; row++) {
    const [i, j] = [actual[row] ?? -1, predicted[row] ?? -1]
    if (!(i >= 0 && i < classes && j >= 0 && j < classes)) {
      throw scoresError(
        'scores/labels',
        `confusionMatrix: classes must be 0 to ${classes - 1}, received the actual class ${i} and the predicted class ${j} ` +
          `in row ${row}. Leave out rows without a class.`,
      )
    }
    counts[i * classes + j] = (counts[i * classes + j] ?? 0) + 1
  }
  return counts
}
