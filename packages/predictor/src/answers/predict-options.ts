import { KicError } from '@kic/core'
import { checkThreshold } from '@kic/scores'

export interface PredictOptions {
  /** How many candidates each prediction lists; default 3. */
  readonly topK?: number | undefined
  /** Predictions of less confidence get the status `review`; default 0, none. */
  readonly reviewBelow?: number | undefined
  /** Ends the call with the signal's reason. */
  readonly signal?: AbortSignal | undefined
}

export interface StreamOptions extends PredictOptions {
  /**
   * Rows that are answered together, at least 1; default 4096. Two windows are in memory at a time. Smaller ones come sooner,
   * larger ones have less padding, as rows of one length share batches.
   */
  readonly window?: number | undefined
}

/** Options with their defaults. */
export interface AnswerOptions {
  readonly topK: number
  readonly reviewBelow: number
  readonly signal: AbortSignal | undefined
  /** Whether answers depend on the texts of this call alone: they share no batch with those of others. */
  readonly alone: boolean
}

/** @throws KicError `predictor/threshold`, `predictor/top-k` */
export const answerOptions = (
  { topK = 3, reviewBelow = 0, signal }: PredictOptions,
  alone: boolean,
): AnswerOptions => {
  checkThreshold('predict', reviewBelow)
  if (Number.isInteger(topK) && topK >= 0) return { topK, reviewBelow, signal, alone }
  throw new KicError('predictor/top-k', `predict: topK must be an integer from 0, received ${topK}`)
}

/** Rows of a window unless options say otherwise. */
export const WINDOW = 4096

/** @throws KicError `predictor/window` */
export const windowOf = ({ window = WINDOW }: StreamOptions): number => {
  if (Number.isInteger(window) && window >= 1) return window
  throw new KicError('predictor/window', `stream: window must be an integer from 1, received ${window}`)
}
