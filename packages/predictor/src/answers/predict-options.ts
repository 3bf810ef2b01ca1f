import { KicError } from '@kic/core'
import { checkCoverage, checkThreshold } from '@kic/scores'
import type { PredictorErrorCode } from '../error-code.ts'
import { guaranteesOf, type SetOptions } from '../guarantees/code-sets.ts'
import { reviewThreshold } from '../guarantees/review-threshold.ts'
import type { CallSignal } from './call-signal.ts'
import type { PredictorInfo } from './predictor-info.ts'

export interface PredictOptions {
  /** Number of candidates per prediction; default 3. */
  readonly topK?: number | undefined
  /** Predictions below this confidence get the status `review`; default 0, none. */
  readonly reviewBelow?: number | undefined
  /**
   * Instead of `reviewBelow`: the accuracy of the answers without the status `review`, at the finest level. The threshold is the
   * lowest one that guarantees it.
   */
  readonly targetAccuracy?: number | undefined
  /** The probability that this guarantee holds, over draws of the calibration rows; default 0.95. */
  readonly confidence?: number | undefined
  /** Adds sets of codes to the answers, which have the true code so often at each level, e.g. 0.95. */
  readonly coverage?: number | undefined
  /** Whether sets cover each code so often, instead of all texts taken together. */
  readonly classConditional?: boolean | undefined
  /**
   * Whether sets may be empty. Without it, sets have the answer's code, so they have the true one more often than asked where
   * answers alone are right more often.
   */
  readonly exactCoverage?: boolean | undefined
  /** Aborts the call with the signal's reason. */
  readonly signal?: CallSignal | undefined
}

export interface StreamOptions extends PredictOptions {
  /**
   * Rows per window, default 4096; two windows are in memory at a time. Answers of smaller windows arrive sooner. Larger
   * windows need less padding, because a batch has rows of similar length.
   */
  readonly window?: number | undefined
}

/** Options with their defaults. */
export interface AnswerOptions {
  readonly topK: number
  readonly reviewBelow: number
  readonly signal: CallSignal | undefined
  /** Whether the texts share no batch with other calls, so that their answers depend on each other alone. */
  readonly alone: boolean
  /** The sets of codes asked for, if any. */
  readonly sets?: SetOptions | undefined
}

/**
 * @throws KicError `scores/threshold`, `predictor/top-k`, `scores/coverage`, `predictor/option` for an option without the one
 * that it is about, and as `reviewThreshold`
 */
export const answerOptions = (
  info: PredictorInfo,
  options: PredictOptions,
  alone: boolean,
): AnswerOptions => {
  const { topK = 3, signal } = options
  if (!Number.isInteger(topK) || topK < 0) {
    throw new KicError<PredictorErrorCode>(
      'predictor/top-k',
      `predict: topK must be an integer of at least 0, received ${topK}. Correct it.`,
    )
  }
  return { topK, reviewBelow: reviewBelowOf(info, options), sets: setsOf(info, options), signal, alone }
}

const reviewBelowOf = (
  info: PredictorInfo,
  { reviewBelow, targetAccuracy, confidence }: PredictOptions,
): number => {
  if (targetAccuracy === undefined) {
    if (confidence !== undefined)
      throw wrongOption('confidence must come with targetAccuracy', confidence, 'Set that, too.')
    checkThreshold('predict', reviewBelow ?? 0)
    return reviewBelow ?? 0
  }
  if (reviewBelow === undefined) return reviewThreshold(info, { targetAccuracy, confidence })
  throw wrongOption('targetAccuracy must come without reviewBelow', reviewBelow, 'Leave one of them out.')
}

const setsOf = (
  info: PredictorInfo,
  { coverage, classConditional, exactCoverage }: PredictOptions,
): SetOptions | undefined => {
  if (coverage === undefined) {
    if (classConditional !== true && exactCoverage !== true) return undefined
    throw wrongOption(
      'classConditional and exactCoverage must come with coverage',
      coverage,
      'Set that, too.',
    )
  }
  checkCoverage('predict', coverage)
  guaranteesOf(info)
  return { coverage, classConditional, exactCoverage }
}

const wrongOption = (rule: string, received: number | undefined, remedy: string): KicError =>
  new KicError<PredictorErrorCode>('predictor/option', `predict: ${rule}, received ${received}. ${remedy}`)

/** Default rows per window. */
export const WINDOW = 4096

/** @throws KicError `predictor/window` */
export const windowOf = ({ window = WINDOW }: StreamOptions): number => {
  if (Number.isInteger(window) && window >= 1) return window
  throw new KicError<PredictorErrorCode>(
    'predictor/window',
    `stream: window must be an integer of at least 1, received ${window}. Correct it.`,
  )
}
