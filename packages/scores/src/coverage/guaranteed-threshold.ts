import { scoresError } from '../scores-error.ts'
import { logBinomialTail } from './binomial-tail.ts'
import { labelledAt, type ValidationCurve } from './validation-curve.ts'

export interface GuaranteeOptions {
  /** The accuracy to guarantee among the answers that reach the threshold, between 0 and 1. */
  readonly accuracy: number
  /** The probability that the guarantee holds, over draws of the validation rows; 0.95 unless given. */
  readonly confidenceLevel?: number | undefined
}

/** A threshold whose accuracy is guaranteed, or why there is none. */
export type GuaranteedThreshold =
  | {
      readonly threshold: number
      /** Validation rows that reach it and have a label at the level. */
      readonly rows: number
      /** The right ones of them. */
      readonly correct: number
    }
  | {
      readonly threshold: null
      /** `too-few-rows`: not even rows without an error would suffice. `too-many-errors`: the most confident rows fail. */
      readonly reason: 'too-few-rows' | 'too-many-errors'
      /** The rows tested: all labelled rows, or the most confident ones, and the right ones of them. */
      readonly rows: number
      readonly correct: number
      /** Rows without an error that would suffice: ln(1 − confidence level) / ln(accuracy). */
      readonly rowsNeeded: number
    }

/** The first test takes so many times the rows that suffice without an error: with fewer, one error decides. */
const ROOM_FOR_ERRORS = 3

/**
 * The lowest threshold of a curve above which at least `accuracy` of future answers are right, with probability
 * `confidenceLevel`: fixed-sequence testing of Learn then Test (Angelopoulos et al. 2021, arXiv:2110.01052).
 *
 * The curve's thresholds are tested from the highest down. A test's p-value is the exact binomial tail: how likely so many
 * right answers are if the accuracy is below the wished one. The first failure ends the sequence, so many tests err together
 * as rarely as one. `thresholdFor` gives the point estimate, which is too low in up to half of all draws.
 *
 * The guarantee is about answers from the same population as the validation rows: rows are independent draws, and had no
 * part in training, temperature or choice of the model. Thresholds with too few rows are skipped; this is exact if
 * accuracy does not rise where confidence falls, or if the thresholds that miss the accuracy have enough rows.
 *
 * @throws KicError `scores/accuracy` unless accuracy and confidence level are between 0 and 1, both excluded;
 * `scores/level` for a level that the curve lacks
 */
export const guaranteedThreshold = (
  curve: ValidationCurve,
  level: string,
  { accuracy, confidenceLevel = 0.95 }: GuaranteeOptions,
): GuaranteedThreshold => {
  checkShare('accuracy', accuracy)
  checkShare('confidenceLevel', confidenceLevel)
  const counts = countsAt(curve, level)
  const logError = Math.log1p(-confidenceLevel)
  // Rounding must not ask for a row more than the test does.
  const rowsNeeded = Math.ceil(logError / Math.log(accuracy) - 1e-9)
  const all = counts.at(-1) ?? { rows: 0, correct: 0 }
  if (all.rows < rowsNeeded) {
    return { threshold: null, reason: 'too-few-rows', rows: all.rows, correct: all.correct, rowsNeeded }
  }
  const first = Math.max(rowsNeeded, Math.min(ROOM_FOR_ERRORS * rowsNeeded, Math.floor(all.rows / 2)))
  const tested = counts.filter(({ rows }) => rows >= first)
  const failure = tested.findIndex(
    ({ rows, correct }) => logBinomialTail(correct, rows, accuracy) > logError + 1e-12,
  )
  const found = tested.at(failure < 0 ? -1 : failure - 1)
  if (failure !== 0 && found !== undefined) return found
  const { rows, correct } = tested[0] ?? all
  return { threshold: null, reason: 'too-many-errors', rows, correct, rowsNeeded }
}

/** The curve at a level, from its highest threshold down. */
const countsAt = (curve: ValidationCurve, level: string) => {
  const correct = curve.correct[level]
  if (correct === undefined) {
    throw scoresError(
      'scores/level',
      `guaranteedThreshold: level must be one of ${Object.keys(curve.correct).join(', ')}, received ${level}. ` +
        'Name a level of the curve.',
    )
  }
  return curve.thresholds
    .map((threshold, at) => ({
      threshold,
      rows: labelledAt(curve, level, at),
      correct: correct[at] ?? 0,
    }))
    .reverse()
}

const checkShare = (name: string, value: number): void => {
  if (value > 0 && value < 1) return
  throw scoresError(
    'scores/accuracy',
    `guaranteedThreshold: ${name} must be above 0 and below 1, received ${value}. No number of rows shows certainty; ` +
      'give a share such as 0.95.',
  )
}
