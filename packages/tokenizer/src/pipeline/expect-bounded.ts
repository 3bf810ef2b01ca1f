import { KicError } from '@kic/core'
import type { TokenizerErrorCode } from '../error-code.ts'

/** The most UTF-16 units that any text may have while a pipeline rewrites it. */
const LIMIT = 1 << 20
/** The factor by which a longer text may grow. */
const GROWTH = 16

/**
 * Refuses a text of `given` UTF-16 units that has grown to `length`. Consecutive replacements multiply, so a file of a
 * few lines could exhaust the memory.
 *
 * @throws KicError `tokenizer/too-long`
 */
export const expectBounded = (length: number, given: number): void => {
  const limit = Math.max(LIMIT, GROWTH * given)
  if (length <= limit) return
  throw new KicError<TokenizerErrorCode>(
    'tokenizer/too-long',
    `encode: a text of ${given} characters must have at most ${limit} once it is rewritten, received ${length}. ` +
      'Leave replacements out of the tokenizer.',
  )
}
