import { createPieceTrie } from './piece-trie.ts'
import type { TokenBuffer } from './token-buffer.ts'

/** A WordPiece vocabulary and its rules, as in the `model` of a tokenizer.json. */
export interface WordPieceModel {
  readonly vocabulary: ReadonlyMap<string, number>
  readonly unkId: number
  /** The prefix of a piece inside a word, usually `##`. */
  readonly continuingPrefix: string
  /** Words of more code points are unknown as a whole. */
  readonly maxCharacters: number
}

/** Appends the pieces of one word, given as UTF-16 units. */
export type WordPieceEncoder = (
  units: Uint16Array,
  length: number,
  characters: number,
  word: number,
  tokens: TokenBuffer,
) => void

/**
 * Splits words greedily into the longest pieces of the vocabulary; a word that cannot be covered becomes one unknown
 * token (Schuster & Nakajima 2012; `WordPiece` of Hugging Face tokenizers).
 */
export const createWordPieceEncoder = (model: WordPieceModel): WordPieceEncoder => {
  const trie = createPieceTrie(model.vocabulary, model.continuingPrefix)
  return (units, length, characters, word, tokens) => {
    const start = tokens.length
    let position = characters > model.maxCharacters ? -1 : 0
    while (position >= 0 && position < length) {
      let node = position === 0 ? trie.initial : trie.continuing
      let end = -1
      let id = -1
      for (let i = position; i < length; i++) {
        node = trie.step(node, units[i] as number)
        if (node < 0) break
        const found = trie.idAt(node)
        if (found >= 0) {
          id = found
          end = i + 1
        }
      }
      if (id >= 0) tokens.push(id, word)
      position = end
    }
    if (position < 0) {
      tokens.length = start
      tokens.push(model.unkId, word)
    }
  }
}
