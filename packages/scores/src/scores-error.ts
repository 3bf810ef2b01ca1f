import { KicError } from '@kic/core'

/** The codes of this package's errors. */
export type ScoresErrorCode =
  | 'scores/accuracy'
  | 'scores/bootstrap'
  | 'scores/coverage'
  | 'scores/labels'
  | 'scores/least-rows'
  | 'scores/level'
  | 'scores/not-a-number'
  | 'scores/probability'
  | 'scores/shape'
  | 'scores/temperature'
  | 'scores/threshold'
  | 'scores/top-k'

/** A `KicError` of this package. */
export const scoresError = (code: ScoresErrorCode, message: string): KicError => new KicError(code, message)
