import { checkRows } from '../metrics/check-rows.ts'
import { argMaxRows } from '../probabilities/arg-max.ts'
import { rowCount } from '../probabilities/matrix-rows.ts'

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
 * @throws KicError `scores/shape`, `scores/not-a-number`
 */
export const reliabilityBins = (
  probabilities: ArrayLike<number>,
  classes: number,
  actual: ArrayLike<number>,
  bins = 15,
): ReliabilityBin[] => {
  checkRows('reliabilityBins', rowCount('reliabilityBins', probabilities, classes), actual.length)
  const sums = Array.from({ length: bins }, () => ({ confidence: 0, right: 0, rows: 0 }))
  for (const [row, best] of argMaxRows(probabilities, classes).entries()) {
    const p = probabilities[row * classes + best] ?? 0
    const sum = sums[Math.min(bins - 1, Math.max(0, Math.ceil(p * bins) - 1))]
    if (sum === undefined) continue
    sum.confidence += p
    sum.rows++
    if (best === actual[row]) sum.right++
  }
  return sums.map(({ confidence, right, rows }) => ({
    confidence: rows === 0 ? 0 : confidence / rows,
    accuracy: rows === 0 ? 0 : right / rows,
    rows,
  }))
}
