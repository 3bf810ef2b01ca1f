import type { Row } from '@kic/data'
import { encodeUnpadded, type Tokenizer } from '@kic/tokenizer'
import type { TokenRows } from '@kic/trainer'

/** Rows as ids, special tokens included, cut to `maxLength`. */
export const tokenize = (tokenizer: Tokenizer, rows: readonly Row[], maxLength: number): TokenRows =>
  encodeUnpadded(
    tokenizer,
    rows.map(({ text }) => text),
    { maxLength, typeVocabSize: 1 },
  )
