import { KicError } from '@kic/core'

/** The codes of this package's errors. */
export type StagesErrorCode =
  | 'stages/failed'
  | 'stages/jobs'
  | 'stages/name'
  | 'stages/needs'
  | 'stages/plan'
  | 'stages/plan-differs'
  | 'stages/record'
  | 'stages/shard'
  | 'stages/unknown'

/** A `KicError` of this package. */
export const stagesError = (code: StagesErrorCode, message: string): KicError => new KicError(code, message)
