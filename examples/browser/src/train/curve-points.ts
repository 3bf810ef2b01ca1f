/** A point of a loss curve: the mean loss of some steps, at the last of them. */
export interface CurvePoint {
  readonly step: number
  readonly loss: number
}

/** Points of a curve; more would not be seen. */
const MOST_POINTS = 200

/** A curve of at most 200 points, each the mean of equally many steps. */
export const curvePoints = (losses: readonly number[]): readonly CurvePoint[] => {
  const each = Math.max(1, Math.ceil(losses.length / MOST_POINTS))
  return Array.from({ length: Math.ceil(losses.length / each) }, (_, i) => {
    const some = losses.slice(i * each, (i + 1) * each)
    return { step: i * each + some.length, loss: some.reduce((a, b) => a + b, 0) / some.length }
  })
}
