import { KicError } from '@kic/core'
import type { Tokenizer } from '@kic/tokenizer'
import type { TaptErrorCode } from './error-code.ts'

/** The vocabulary data that masking needs. */
export interface MaskingVocabulary {
  /** The id of the mask token. */
  readonly maskTokenId: number
  /** The id of padding. */
  readonly padTokenId: number
  /** By id, 1 for special tokens. They are never masked and never inserted. */
  readonly special: Uint8Array
  /** By id, 1 for pieces that continue a word. */
  readonly continuation: Uint8Array
  /** Ids that may replace others: all ordinary tokens. */
  readonly ordinary: Int32Array
}

/** WordPiece's mark of a piece that continues a word. */
const CONTINUATION = '##'

/**
 * Extracts special tokens and continuing pieces from a tokenizer.
 *
 * @throws KicError `tapt/vocabulary` if every token is special
 */
export const maskingVocabulary = (tokenizer: Tokenizer): MaskingVocabulary => {
  const size = tokenizer.vocabSize
  const special = Uint8Array.from({ length: size }, (_, id) =>
    tokenizer.isSpecial(id) || tokenizer.idToToken(id) === undefined ? 1 : 0,
  )
  const ordinary = Int32Array.from({ length: size }, (_, id) => id).filter((id) => special[id] === 0)
  if (ordinary.length === 0) {
    throw new KicError<TaptErrorCode>(
      'tapt/vocabulary',
      `maskingVocabulary: a vocabulary must have ordinary tokens, received ${size} special ones. Use the tokenizer of the texts.`,
    )
  }
  return {
    maskTokenId: tokenizer.specialTokens.mask.id,
    padTokenId: tokenizer.specialTokens.pad.id,
    special,
    continuation: Uint8Array.from({ length: size }, (_, id) =>
      tokenizer.idToToken(id)?.startsWith(CONTINUATION) ? 1 : 0,
    ),
    ordinary,
  }
}
