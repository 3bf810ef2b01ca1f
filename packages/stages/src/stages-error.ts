import { KicError } from '@kic/core'

/** The codes of this package's errors. */
export type StagesErrorCode = 'stages/jobs' | 'stages/name' | 'stages/record'

/** A `KicError` of this package. */
export const stagesError = (code: StagesErrorCode, message: string): KicError => new KicError(code, message)
