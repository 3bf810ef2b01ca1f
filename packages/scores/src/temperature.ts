import { KicError } from '@kic/core'

/** Scores of a model for rows whose class is known. */
export interface LabelledScores {
  /** [N, C], row by row. */
  readonly logits: ArrayLike<number>
  /** C. */
  readonly classes: number
  /** Class number of each row, [N]. */
  readonly labels: ArrayLike<number>
}

/**
 * T is looked for between these. Where a model is right on all rows, as on a few, the likelihood only grows as T falls: the
 * lowest T that is looked at is all that keeps doubtful answers apart from certain ones, whose confidence would all be 1.
 */
const [LOWEST, HIGHEST] = [0.05, 1e3]

/**
 * The temperature T that makes `softmax(logits / T)` most likely on rows the model did not learn from: one number that
 * changes confidences but never the order of classes. Guo et al. 2017, arXiv:1706.04599, section 4.2.
 *
 * The negative log-likelihood is convex in 1/T, so its minimum is where the slope changes sign, found by bisection.
 *
 * @returns T, between 0.05 and 1000
 * @throws KicError `predictor/calibration-rows` without rows, or where shapes do not fit.
 */
export const fitTemperature = (scores: LabelledScores): number => {
  checkScores('fitTemperature', scores)
  let [low, high] = [1 / HIGHEST, 1 / LOWEST]
  for (let i = 0; i < 60; i++) {
    const middle = Math.sqrt(low * high)
    if (slope(scores, middle) > 0) high = middle
    else low = middle
  }
  return 1 / Math.sqrt(low * high)
}

/** @throws KicError `predictor/calibration-rows` */
export const checkScores = (caller: string, { logits, classes, labels }: LabelledScores): void => {
  if (labels.length > 0 && classes > 0 && logits.length === labels.length * classes) return
  throw new KicError(
    'predictor/calibration-rows',
    `${caller}: ${labels.length} labels and ${classes} classes need ${labels.length * classes} logits and at least one row, ` +
      `received ${logits.length} logits`,
  )
}

/** Derivative of the summed negative log-likelihood by β = 1/T: Σ over rows of E[z] − z of the label. */
const slope = ({ logits, classes, labels }: LabelledScores, beta: number): number => {
  let total = 0
  for (let row = 0; row < labels.length; row++) {
    const at = row * classes
    let largest = Number.NEGATIVE_INFINITY
    for (let c = 0; c < classes; c++) largest = Math.max(largest, logits[at + c] ?? 0)
    let [sum, weighted] = [0, 0]
    for (let c = 0; c < classes; c++) {
      const z = logits[at + c] ?? 0
      const weight = Math.exp(beta * (z - largest))
      sum += weight
      weighted += weight * z
    }
    total += weighted / sum - (logits[at + (labels[row] ?? 0)] ?? 0)
  }
  return total
}
