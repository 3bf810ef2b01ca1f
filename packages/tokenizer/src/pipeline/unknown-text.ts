import { KicError } from '@kic/core'
import type { TokenizerErrorCode } from '../error-code.ts'

/** The error for a text with a part that has no id; the Rust crate fails on it, too. */
export const unknownText = (text: string): KicError =>
  new KicError<TokenizerErrorCode>(
    'tokenizer/missing-special-token',
    `encode: a part of ${JSON.stringify(text.slice(0, 40))} is not in the vocabulary, nor is the model's unknown token. ` +
      'Name a token of the vocabulary as model.unk_token, or its index as model.unk_id.',
  )
