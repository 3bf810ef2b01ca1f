import { scoresError } from '../scores-error.ts'
import { checkCoverage } from './check-coverage.ts'
import { checkProbabilities } from './check-probabilities.ts'
import type { ConformalCalibration } from './conformal-calibration.ts'

export interface PredictionSetOptions {
  /** Whether each class is covered as often as asked, instead of all rows taken together; off unless given. */
  readonly classConditional?: boolean | undefined
  /**
   * Whether the coverage is exactly as asked; off unless given. Where the most probable class alone is right more often than
   * asked, some sets are then empty.
   */
  readonly exactCoverage?: boolean | undefined
}

/**
 * The classes of one row among which the true one is with at least a probability `coverage`, most probable first.
 *
 * The most probable class is always in the set, all of them where several are; this only raises coverage, and
 * `exactCoverage` turns it off. A coverage between those of the calibration takes the next higher one. Above n / (n + 1) for
 * n calibration rows, or above the calibration's highest, every class is in the set, because n rows cannot show more.
 *
 * @param probabilities [C], of the model that was calibrated
 * @param coverage in [0, 1]
 * @throws KicError `scores/coverage`, `scores/shape`, `scores/not-a-number`, `scores/probability`
 */
export const predictionSet = (
  calibration: ConformalCalibration,
  probabilities: ArrayLike<number>,
  coverage: number,
  { classConditional = false, exactCoverage = false }: PredictionSetOptions = {},
): readonly number[] => {
  check(calibration, probabilities, coverage)
  const at = calibration.coverages.findIndex((stored) => stored >= coverage - 1e-9)
  const { byClass, pooled } = calibration.classConditional
  const threshold = (c: number): number => {
    const { thresholds } = classConditional ? (byClass[c] ?? pooled) : calibration.marginal
    return thresholds[at] ?? 0
  }
  const row = Float64Array.from(probabilities)
  const largest = exactCoverage ? Number.POSITIVE_INFINITY : row.reduce((a, b) => Math.max(a, b), 0)
  const members: { readonly class: number; readonly probability: number }[] = []
  row.forEach((probability, c) => {
    if (probability >= Math.min(threshold(c), largest)) members.push({ class: c, probability })
  })
  return members.sort((a, b) => b.probability - a.probability).map((member) => member.class)
}

const check = (
  { classes }: ConformalCalibration,
  probabilities: ArrayLike<number>,
  coverage: number,
): void => {
  checkCoverage('predictionSet', coverage)
  if (probabilities.length !== classes) {
    throw scoresError(
      'scores/shape',
      `predictionSet: a row must have the calibration's ${classes} classes, received ${probabilities.length}. ` +
        'Calibrate the model that the row comes from.',
    )
  }
  checkProbabilities('predictionSet', probabilities)
}
