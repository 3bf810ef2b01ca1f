import { type SequenceEncoder, TokenBuffer } from './token-buffer.ts'

/** Token ids of many texts without special tokens, concatenated, for storage and sampling. */
export interface TokenRows {
  readonly ids: Int32Array
  /** The word of each token, counted within its text. */
  readonly words: Int32Array
  /** Text `i` spans `offsets[i]` to `offsets[i + 1]`. */
  readonly offsets: Int32Array
}

/** Encodes texts into rows without special tokens. */
export const encodeRows = (encoder: SequenceEncoder, texts: readonly string[]): TokenRows => {
  const tokens = new TokenBuffer()
  const offsets = new Int32Array(texts.length + 1)
  for (const [i, text] of texts.entries()) {
    encoder.append(text, tokens)
    offsets[i + 1] = tokens.length
  }
  return {
    ids: tokens.ids.subarray(0, tokens.length),
    words: tokens.words.subarray(0, tokens.length),
    offsets,
  }
}
