import { KicError } from '@kic/core'

/** The codes of this package's errors. */
export type ClassifierErrorCode =
  | 'classifier/class-weights'
  | 'classifier/diverged'
  | 'classifier/few-rows'
  | 'classifier/frozen'
  | 'classifier/level'
  | 'classifier/loss'
  | 'classifier/metric'
  | 'classifier/not-calibrated'
  | 'classifier/one-class'
  | 'classifier/other-training'
  | 'classifier/output'
  | 'classifier/rows'
  | 'classifier/scratch'
  | 'classifier/space'
  | 'classifier/teacher'

/** A `KicError` of this package. */
export const classifierError = (
  code: ClassifierErrorCode,
  message: string,
  options?: { readonly cause?: unknown },
): KicError => new KicError(code, message, options)
