import { copyRow, rowCount } from '../probabilities/matrix-rows.ts'
import { scoresError } from '../scores-error.ts'
import { checkProbabilities } from './check-probabilities.ts'
import { COVERAGES, type CoverageThresholds, coverageThresholds } from './coverage-thresholds.ts'

/**
 * What calibration rows say about sets of classes: plain data of at most 64 KB for 225 classes, which answers for any
 * coverage. It is about one level of a classification; every level has a calibration of its own.
 */
export interface ConformalCalibration {
  /** C. */
  readonly classes: number
  /** Coverages, ascending; the thresholds below belong to them in this order. */
  readonly coverages: readonly number[]
  /** Of all rows: sets that cover the wished share of all rows. */
  readonly marginal: CoverageThresholds
  /** Sets that cover the wished share of the rows of each class. */
  readonly classConditional: {
    /** Classes with at least so many rows have thresholds of their own. */
    readonly leastRows: number
    /** [C]; null for a class that shares the pooled thresholds. */
    readonly byClass: readonly (CoverageThresholds | null)[]
    /** Of the rows of all classes with `leastRows` rows or fewer. */
    readonly pooled: CoverageThresholds
  }
}

export interface ConformalOptions {
  /** Calibration rows from which on a class has thresholds of its own; 50 unless given. */
  readonly leastRows?: number | undefined
}

/**
 * Split conformal calibration of prediction sets: probabilities [N, C] of rows and their true classes → thresholds.
 *
 * The score is the probability of a class (LAC: Sadinle, Lei & Wasserman 2019, arXiv:1609.00451), which gives the smallest
 * sets on average. Nothing is random, neither here nor in `predictionSet`.
 *
 * Thresholds of a class are quantiles of its own rows (Vovk 2012, arXiv:1209.2673). Classes with too few rows share those
 * of a pool. A class with exactly `leastRows` rows has its own thresholds, and its rows are in the pool as well: with a new
 * row of its class, a class in the pool has at most `leastRows` rows, so the pool treats all n + 1 rows alike and
 * coverage in it is exact.
 *
 * The rows must be exchangeable with future ones, and have no part in training, temperature or choice of the model.
 *
 * @param probabilities [N, C]
 * @param actual [N], class numbers
 * @throws KicError `scores/shape`, `scores/labels`, `scores/not-a-number`, `scores/probability`, `scores/least-rows`
 */
export const conformalCalibration = (
  probabilities: ArrayLike<number>,
  classes: number,
  actual: ArrayLike<number>,
  { leastRows = 50 }: ConformalOptions = {},
): ConformalCalibration => {
  checkLeastRows(leastRows)
  const byClass = trueProbabilities(probabilities, classes, actual)
  const pooled = byClass.filter((own) => own.length <= leastRows)
  return {
    classes,
    coverages: COVERAGES,
    marginal: coverageThresholds(byClass.flat()),
    classConditional: {
      leastRows,
      byClass: byClass.map((own) => (own.length < leastRows ? null : coverageThresholds(own))),
      pooled: coverageThresholds(pooled.flat()),
    },
  }
}

/** For each class, the probabilities that its rows give it. */
const trueProbabilities = (
  probabilities: ArrayLike<number>,
  classes: number,
  actual: ArrayLike<number>,
): readonly number[][] => {
  const caller = 'conformalCalibration'
  const rows = rowCount(caller, probabilities, classes)
  if (rows !== actual.length) {
    throw scoresError(
      'scores/shape',
      `${caller}: every row needs a true class, received ${actual.length} for ${rows} rows. Give as many of each.`,
    )
  }
  const byClass: number[][] = Array.from({ length: classes }, () => [])
  const row = new Float64Array(classes)
  for (let i = 0; i < rows; i++) {
    checkProbabilities(caller, copyRow(probabilities, i, row), i)
    const truth = actual[i] ?? -1
    const own = byClass[truth]
    const probability = row[truth]
    if (own === undefined || probability === undefined) {
      throw scoresError(
        'scores/labels',
        `${caller}: classes are numbers from 0 to ${classes - 1}, received ${truth} for row ${i}. ` +
          'Leave out rows without a class.',
      )
    }
    own.push(probability)
  }
  return byClass
}

const checkLeastRows = (leastRows: number): void => {
  if (Number.isInteger(leastRows) && leastRows >= 1) return
  throw scoresError(
    'scores/least-rows',
    `conformalCalibration: leastRows must be an integer from 1, received ${leastRows}. Give the rows that a class needs.`,
  )
}
