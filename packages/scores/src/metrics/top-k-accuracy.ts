import { rowCount } from '../probabilities/matrix-rows.ts'
import { checkRows } from './check-rows.ts'

/**
 * Share of rows whose actual class is among the `k` highest scores [N, C]; of equal scores the later class is ahead, as
 * in scikit-learn's `top_k_accuracy_score`.
 *
 * @throws KicError `scores/shape`
 */
export const topKAccuracy = (
  scores: ArrayLike<number>,
  classes: number,
  actual: ArrayLike<number>,
  k: number,
): number => {
  const rows = rowCount('topKAccuracy', scores, classes)
  checkRows('topKAccuracy', rows, actual.length)
  let hits = 0
  for (let row = 0; row < rows; row++) {
    const label = actual[row] ?? -1
    const own = scores[row * classes + label]
    if (label < 0 || label >= classes || own === undefined) continue
    let ahead = 0
    for (let other = 0; other < classes; other++) {
      const score = scores[row * classes + other] ?? 0
      if (score > own || (score === own && other > label)) ahead++
    }
    if (ahead < k) hits++
  }
  return hits / rows
}
