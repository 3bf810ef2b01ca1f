import { KicError } from '@kic/core'

/** The codes of this package's errors. */
export type NgramErrorCode = 'ngram/file' | 'ngram/labels' | 'ngram/options' | 'ngram/rows'

/** A `KicError` of this package. */
export const ngramError = (code: NgramErrorCode, message: string): KicError => new KicError(code, message)
