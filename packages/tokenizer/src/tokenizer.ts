import type { Batch, BatchOptions } from './collate.ts'
import type { JsonObject } from './json-shape.ts'
import type { RaggedRows } from './ragged-rows.ts'
import type { SpecialTokens } from './special-tokens.ts'

/** The contents of a tokenizer folder, as parsed JSON. */
export interface TokenizerFiles {
  readonly tokenizerJson: JsonObject
  readonly tokenizerConfig: JsonObject
  readonly specialTokensMap: JsonObject
}

/** Text to ids and back. */
export interface Tokenizer {
  /** One more than the highest id: the number of rows of an embedding table. */
  readonly vocabSize: number
  readonly specialTokens: SpecialTokens
  /** The source of a tokenizer folder; `null` for a tokenizer of another library. */
  readonly files: TokenizerFiles | null
  /**
   * The ids of a text or a pair of texts with special tokens, neither truncated nor padded. An empty text gives only
   * the special tokens.
   *
   * @throws KicError `tokenizer/not-a-string`
   */
  encode(text: string, pair?: string): Int32Array
  /**
   * Texts, or pairs of texts, as a padded batch. Empty texts give only special tokens, which `lengths` shows.
   *
   * @throws KicError `tokenizer/not-a-string`, `tokenizer/empty-batch`, `tokenizer/bad-length` or, if word numbers are
   *   requested from a tokenizer without them, `tokenizer/no-word-ids`
   */
  encodeBatch(texts: readonly string[] | readonly (readonly [string, string])[], options: BatchOptions): Batch
  /**
   * Texts as rows of ids with special tokens, truncated to `maxLength` but not padded, for storage and sampling of
   * batches.
   *
   * @throws KicError `tokenizer/not-a-string`, `tokenizer/bad-length`.
   */
  encodeRows(texts: readonly string[], options: { readonly maxLength: number }): RaggedRows
  /** The text of ids; ids outside the vocabulary are skipped. */
  decode(ids: Iterable<number>, options?: { readonly skipSpecialTokens?: boolean | undefined }): string
  tokenToId(token: string): number | undefined
  idToToken(id: number): string | undefined
  /** Whether `id` is a special token: one of the five roles, or marked so in tokenizer.json. */
  isSpecial(id: number): boolean
}
