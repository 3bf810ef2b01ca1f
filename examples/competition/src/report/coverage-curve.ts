import type { CoveragePoint } from './report-data.ts'

/**
 * For every distinct confidence as threshold, ascending: the share of answers at or above it and the accuracy among
 * these. At most `points` of them, evenly spread over the answers.
 *
 * @param confidences one number a row
 * @param right whether the row's prediction is the actual class
 */
export const coverageCurve = (
  confidences: ArrayLike<number>,
  right: readonly boolean[],
  points = 200,
): CoveragePoint[] => {
  const rows = right.length
  const order = Array.from(right.keys()).sort((a, b) => (confidences[b] ?? 0) - (confidences[a] ?? 0))
  const curve: CoveragePoint[] = []
  let hits = 0
  order.forEach((row, i) => {
    if (right[row]) hits++
    const [threshold, next] = [confidences[row] ?? 0, confidences[order[i + 1] ?? -1]]
    // Equal confidences stand or fall together.
    if (next !== threshold) curve.push({ threshold, share: (i + 1) / rows, accuracy: hits / (i + 1) })
  })
  curve.reverse()
  const step = Math.max(1, curve.length / points)
  return curve.filter(
    (_, i) => i === 0 || i === curve.length - 1 || Math.floor(i / step) > Math.floor((i - 1) / step),
  )
}
