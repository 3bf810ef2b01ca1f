import type { Row } from '@kic/data'
import { prepareText } from '@kic/data/prepare'
import { encodeUnpadded, type Tokenizer } from '@kic/tokenizer'
import type { TokenRows } from '@kic/trainer'

/** Rows as ids, special tokens included, cut to `maxLength`. Changed copies of rows are prepared here, as their texts are new. */
export const tokenize = (tokenizer: Tokenizer, rows: readonly Row[], maxLength: number): TokenRows =>
  encodeUnpadded(
    tokenizer,
    rows.map(({ text }) => prepareText(text)),
    { maxLength, typeVocabSize: 1 },
  )
