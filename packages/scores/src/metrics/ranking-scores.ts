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

/** Predictions whose confidence, the highest probability, fell into one bin. */
export interface ReliabilityBin {
  /** Mean confidence; 0 in an empty bin. */
  readonly confidence: number
  /** Share of right predictions; 0 in an empty bin. */
  readonly accuracy: number
  readonly rows: number
}

/**
 * What a reliability diagram shows (Guo et al. 2017, arXiv:1706.04599, section 2): equal-width bins of confidence, open
 * below and closed above, of probabilities [N, C].
 *
 * @throws KicError `trainer/metric-shape`
 */
export const reliabilityBins = (
  probabilities: ArrayLike<number>,
  classes: number,
  actual: ArrayLike<number>,
  bins = 15,
): ReliabilityBin[] => {
  const rows = rowCount('reliabilityBins', probabilities, classes)
  checkRows('reliabilityBins', rows, actual.length)
  const sums = Array.from({ length: bins }, () => ({ confidence: 0, right: 0, rows: 0 }))
  for (let row = 0; row < rows; row++) {
    let best = 0
    for (let column = 1; column < classes; column++) {
      if ((probabilities[row * classes + column] ?? 0) > (probabilities[row * classes + best] ?? 0))
        best = column
    }
    const p = probabilities[row * classes + best] ?? 0
    const sum = sums[Math.min(bins - 1, Math.max(0, Math.ceil(p * bins) - 1))]
    if (sum === undefined) continue
    sum.confidence += p
    sum.rows++
    if (best === actual[row]) sum.right++
  }
  return sums.map(({ confidence, right, rows: n }) => ({
    confidence: n === 0 ? 0 : confidence / n,
    accuracy: n === 0 ? 0 : right / n,
    rows: n,
  }))
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
): number =>
  reliabilityBins(probabilities, classes, actual, bins).reduce(
    (gap, { confidence, accuracy, rows }) => gap + (rows / actual.length) * Math.abs(accuracy - confidence),
    0,
  )

/** e to the mean negative log-likelihood of a token, in nats. */
export const perplexity = (meanLoss: number): number => Math.exp(meanLoss)
