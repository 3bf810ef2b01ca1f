import { copyRow } from '../probabilities/matrix-rows.ts'
import { scoresError } from '../scores-error.ts'
import { addRowLoss, noLoss, type TemperatureLoss } from './temperature-loss.ts'
import { newtonStep, searchTemperature } from './temperature-search.ts'

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
export const TEMPERATURES = { lowest: 0.05, highest: 1e3 } as const
/** Newton's method takes about eight; where it always leaves the bracket, so many halvings leave no double between its ends. */
const MOST_STEPS = 60
/** Relative step at which the search ends: the next one would be rounding. */
const CLOSE = 1e-13

/**
 * The temperature T that makes `softmax(logits / T)` most likely on rows the model did not learn from: one number that
 * changes confidences but never the order of classes. Guo et al. 2017, arXiv:1706.04599, section 4.2.
 *
 * The negative log-likelihood is convex in 1/T, so its minimum is where the slope changes sign, found to the last digits by
 * Newton's method within a bracket. `fitTemperatures` does the same for several models' stored probabilities.
 *
 * @returns T, between 0.05 and 1000
 * @throws KicError `scores/shape` without rows, or where shapes do not fit, `scores/labels`, `scores/not-a-number`
 */
export const fitTemperature = (scores: LabelledScores): number => {
  checkScores(scores)
  let search = searchTemperature(TEMPERATURES.lowest, TEMPERATURES.highest)
  for (let i = 0; i < MOST_STEPS; i++) {
    const next = newtonStep('fitTemperature', search, lossAt(scores, search.at))
    const step = Math.abs(next.at - search.at)
    search = next
    if (step <= CLOSE * search.at) break
  }
  return 1 / search.at
}

const lossAt = ({ logits, classes, labels }: LabelledScores, beta: number): TemperatureLoss => {
  const sum = noLoss()
  const row = new Float64Array(classes)
  for (let i = 0; i < labels.length; i++) addRowLoss(sum, copyRow(logits, i, row), labels[i] ?? -1, beta)
  return sum
}

const checkScores = ({ logits, classes, labels }: LabelledScores): void => {
  const needed = labels.length * classes
  if (!(labels.length > 0 && classes > 0 && logits.length === needed)) {
    throw scoresError(
      'scores/shape',
      `fitTemperature: ${labels.length} labels of ${classes} classes need ${needed} logits and at least one row, ` +
        `received ${logits.length} logits. Give C logits for each row, row by row.`,
    )
  }
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i] ?? -1
    if (Number.isInteger(label) && label >= 0 && label < classes) continue
    throw scoresError(
      'scores/labels',
      `fitTemperature: labels must be 0 to ${classes - 1}, received ${label} in row ${i}. Leave out rows without a class.`,
    )
  }
}
