import type { Tokenizer } from './tokenizer.ts'

export interface UnpaddedOptions {
  /** The longest row, special tokens included; longer texts are truncated (`longest_first` for pairs). */
  readonly maxLength: number
  /** How many token types the model has. With 1, as klue/roberta, there are no `tokenTypeIds`. Default 2. */
  readonly typeVocabSize?: number | undefined
}

/** Rows of tokens, special ones included, without padding: what training groups into batches by length. */
export interface UnpaddedRows {
  readonly inputIds: readonly Int32Array[]
  /** Only where the model tells types apart. */
  readonly tokenTypeIds?: readonly Int32Array[] | undefined
}

/** Texts that are encoded at once: bounds the padding that a long one brings to its neighbours. */
const CHUNK = 4096

/**
 * Texts, or pairs of texts, as rows that are not padded.
 *
 * @throws KicError `tokenizer/not-a-string`, `tokenizer/bad-length`
 */
export const encodeUnpadded = (
  tokenizer: Tokenizer,
  texts: readonly string[] | readonly (readonly [string, string])[],
  { maxLength, typeVocabSize = 2 }: UnpaddedOptions,
): UnpaddedRows => {
  const inputIds: Int32Array[] = []
  const tokenTypeIds: Int32Array[] = []
  for (let start = 0; start < texts.length; start += CHUNK) {
    const chunk = texts.slice(start, start + CHUNK)
    const batch = tokenizer.encodeBatch(chunk, { maxLength, typeVocabSize })
    const width = batch.shape[1]
    for (const [row, length] of batch.lengths.entries()) {
      const [from, to] = [row * width, row * width + length]
      // Copies, so that a row does not keep its whole chunk.
      inputIds.push(batch.inputIds.slice(from, to))
      if (typeVocabSize > 1) tokenTypeIds.push(batch.tokenTypeIds.slice(from, to))
    }
  }
  return typeVocabSize > 1 ? { inputIds, tokenTypeIds } : { inputIds }
}
