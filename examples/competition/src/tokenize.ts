import type { Row } from '@kic/data'
import type { Tokenizer } from '@kic/tokenizer'
import { type TokenRows, unpaddedRows } from '@kic/trainer'

/** Texts that are encoded at once: bounds the padding that a long one brings to its neighbours. */
const CHUNK = 4096

/** Rows as ids, special tokens included, cut to `maxLength`. */
export const tokenize = (tokenizer: Tokenizer, rows: readonly Row[], maxLength: number): TokenRows => {
  const inputIds: Int32Array[] = []
  for (let start = 0; start < rows.length; start += CHUNK) {
    const texts = rows.slice(start, start + CHUNK).map((row) => row.text)
    const batch = tokenizer.encodeBatch(texts, { maxLength, typeVocabSize: 1 })
    inputIds.push(...unpaddedRows(batch.inputIds, batch.shape, batch.lengths))
  }
  return { inputIds }
}
