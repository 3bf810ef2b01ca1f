import type { KicError } from '@kic/core'
import { ngramError } from '../ngram-error.ts'

/** The error for a tensor that no model has. */
export const refusedTensor = (name: string, rule: string, received: string | number): KicError =>
  ngramError(
    'ngram/file',
    `readNgramModel: the tensor ${name} must hold ${rule}, received ${received}. Give a file that saveNgramModel wrote.`,
  )
