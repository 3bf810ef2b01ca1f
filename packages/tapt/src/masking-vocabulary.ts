import { KicError } from '@kic/core'
import type { Tokenizer } from '@kic/tokenizer'
import type { TaptErrorCode } from './error-code.ts'

/** What masking must know of a vocabulary. */
export interface MaskingVocabulary {
  /** The id that stands for a hidden token. */
  readonly maskTokenId: number
  /** The id of padding. */
  readonly padTokenId: number
  /** By id, 1 for special tokens: they are neither hidden nor put in place of others. */
  readonly special: Uint8Array
  /** By id, 1 for pieces that continue a word. */
  readonly continuation: Uint8Array
  /** Ids that may be put in place of others: all that are not special. */
  readonly ordinary: Int32Array
}

/** How WordPiece marks a piece that continues a word. */
const CONTINUATION = '##'

/**
 * Reads off a tokenizer which tokens are special and which continue a word.
 *
 * @throws KicError `tapt/vocabulary` where every token is special.
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
      `maskingVocabulary: all ${size} tokens of the vocabulary are special; masking needs ordinary ones. Give the tokenizer that the texts are written in.`,
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
