import { KicError } from '@kic/core'
import { checkThreshold } from '@kic/scores'
import type { PredictorErrorCode } from '../error-code.ts'

export interface PredictOptions {
  /** Number of candidates per prediction; default 3. */
  readonly topK?: number | undefined
  /** Predictions below this confidence get the status `review`; default 0, none. */
  readonly reviewBelow?: number | undefined
  /** Aborts the call with the signal's reason. */
  readonly signal?: AbortSignal | undefined
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
  readonly signal: AbortSignal | undefined
  /** Whether the texts share no batch with other calls, so that their answers depend on each other alone. */
  readonly alone: boolean
}

/** @throws KicError `scores/threshold`, `predictor/top-k` */
export const answerOptions = (
  { topK = 3, reviewBelow = 0, signal }: PredictOptions,
  alone: boolean,
): AnswerOptions => {
  checkThreshold('predict', reviewBelow)
  if (Number.isInteger(topK) && topK >= 0) return { topK, reviewBelow, signal, alone }
  throw new KicError<PredictorErrorCode>(
    'predictor/top-k',
    `predict: topK must be an integer of at least 0, received ${topK}. Correct it.`,
  )
}

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
