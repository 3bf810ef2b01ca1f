import { checkThreshold } from './check-threshold.ts'
import { labelledAt, type ValidationCurve } from './validation-curve.ts'
import { wilsonInterval } from './wilson-interval.ts'

/** What to expect of texts like the validation rows when those below a threshold go to a person. */
export interface Expectation {
  readonly reviewBelow: number
  /** Share of all texts that is coded without a person, in [0, 1]. */
  readonly automatic: number
  /** Validation rows behind the accuracies. */
  readonly rows: number
  /** Accuracy of the automatically coded, by level name; absent where none of them has a label. */
  readonly accuracy: Readonly<Record<string, LevelExpectation>>
}

export interface LevelExpectation {
  readonly accuracy: number
  /** Rows with a label at this level, which the accuracy is about. */
  readonly rows: number
  /** 95 % interval of the accuracy, as far as that many rows tell. */
  readonly low: number
  readonly high: number
}

/**
 * Share coded automatically and accuracy to expect when texts below `reviewBelow` are reviewed: the curve's point at the
 * largest threshold that is not above it.
 *
 * @throws KicError `scores/threshold` outside of 0 to 1.
 */
export const expectationAt = (curve: ValidationCurve, reviewBelow: number): Expectation => {
  checkThreshold('expectationAt', reviewBelow)
  const at = curve.thresholds.findLastIndex((threshold) => threshold <= reviewBelow + 1e-9)
  const automatic = curve.automatic[at] ?? 0
  const accuracies = Object.entries(curve.correct).flatMap(([level, correct]) => {
    const rows = labelledAt(curve, level, at)
    return rows === 0 ? [] : [[level, levelExpectation(correct[at] ?? 0, rows)] as const]
  })
  return {
    reviewBelow,
    automatic: curve.rows === 0 ? 0 : automatic / curve.rows,
    rows: automatic,
    accuracy: Object.fromEntries(accuracies),
  }
}

const levelExpectation = (hits: number, rows: number): LevelExpectation => {
  const { share, low, high } = wilsonInterval(hits, rows)
  return { accuracy: share, rows, low, high }
}
