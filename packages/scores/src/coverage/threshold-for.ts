import { labelledAt, type ValidationCurve } from './validation-curve.ts'

/** Fewer labelled rows say too little about an accuracy. */
const LEAST_ROWS = 30

/**
 * The lowest threshold from which on every part of the curve with at least 30 labelled rows reaches `accuracy` at `level`;
 * `undefined` where none does. It is a point estimate: on future rows the accuracy is lower about as often as higher.
 * `guaranteedThreshold` leaves room for chance.
 */
export const thresholdFor = (curve: ValidationCurve, level: string, accuracy: number): number | undefined => {
  let found: number | undefined
  for (let i = curve.thresholds.length - 1; i >= 0; i--) {
    const rows = labelledAt(curve, level, i)
    if (rows < LEAST_ROWS) continue
    if ((curve.correct[level]?.[i] ?? 0) / rows < accuracy) break
    found = curve.thresholds[i]
  }
  return found
}
