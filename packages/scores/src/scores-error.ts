import { KicError } from '@kic/core'

/** The codes of this package's errors. */
export type ScoresErrorCode =
  | 'scores/accuracy'
  | 'scores/bootstrap'
  | 'scores/labels'
  | 'scores/level'
  | 'scores/not-a-number'
  | 'scores/shape'
  | 'scores/temperature'
  | 'scores/threshold'
  | 'scores/top-k'

/** A `KicError` of this package. */
export const scoresError = (code: ScoresErrorCode, message: string): KicError => new KicError(code, message)
