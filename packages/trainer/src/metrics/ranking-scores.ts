import { checkRows, rowCount } from './rows.ts'

/**
 * Share of rows whose actual class is among the `k` highest scores [N, C]; of equal scores the later class is ahead, as
 * in scikit-learn's `top_k_accuracy_score`.
 *
 * @throws KicError `trainer/metric-shape`
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

/**
 * Expected calibration error (Guo et al. 2017, arXiv:1706.04599, eq. 3): the gap between confidence and accuracy over
 * equal-width bins of confidence, weighted by their rows. Probabilities [N, C].
 *
 * @throws KicError `trainer/metric-shape`
 */
export const expectedCalibrationError = (
  probabilities: ArrayLike<number>,
  classes: number,
  actual: ArrayLike<number>,
  bins = 15,
): number => {
  const rows = rowCount('expectedCalibrationError', probabilities, classes)
  checkRows('expectedCalibrationError', rows, actual.length)
  const [confidence, correct] = [new Float64Array(bins), new Float64Array(bins)]
  for (let row = 0; row < rows; row++) {
    let best = 0
    for (let column = 1; column < classes; column++) {
      if ((probabilities[row * classes + column] ?? 0) > (probabilities[row * classes + best] ?? 0))
        best = column
    }
    const p = probabilities[row * classes + best] ?? 0
    // Bins are open below and closed above, as in the paper.
    const bin = Math.min(bins - 1, Math.max(0, Math.ceil(p * bins) - 1))
    confidence[bin] = (confidence[bin] ?? 0) + p
    if (best === actual[row]) correct[bin] = (correct[bin] ?? 0) + 1
  }
  let gap = 0
  for (let bin = 0; bin < bins; bin++) gap += Math.abs((correct[bin] ?? 0) - (confidence[bin] ?? 0))
  return gap / rows
}

/** e to the mean negative log-likelihood of a token, in nats. */
export const perplexity = (meanLoss: number): number => Math.exp(meanLoss)
