import { type AddedToken, createAddedTokenMatcher, patternsOf } from './added-token-matcher.ts'
import type { BertNormalizerOptions } from './bert-normalizer.ts'
import { type SequenceEncoder, TokenBuffer } from './token-buffer.ts'
import { createWordPieceEncoder, type WordPieceModel } from './word-piece.ts'
import { createWordScanner, type WordSink } from './word-scanner.ts'

/** The parts of BERT's tokenizer: normaliser, pre-tokenizer (always BERT's), model and added tokens. */
export interface BertPipeline {
  readonly normalizer: BertNormalizerOptions
  readonly model: WordPieceModel
  readonly addedTokens: readonly AddedToken[]
}

/**
 * An encoder with the ids of the Rust crate `tokenizers` for `BertNormalizer`, `BertPreTokenizer` and `WordPiece`:
 * added tokens are cut out, and the rest is normalised and split into words, and words into pieces.
 */
export const createBertEncoder = ({ normalizer, model, addedTokens }: BertPipeline): SequenceEncoder => {
  const scanner = createWordScanner(normalizer, model.maxCharacters)
  const encodeWord = createWordPieceEncoder(model)
  const inNormalized = addedTokens.filter((token) => token.normalized)
  const inText = addedTokens.filter((token) => !token.normalized)
  const matchInText = createAddedTokenMatcher(patternsOf(inText, (content) => content))
  const matchInNormalized = createAddedTokenMatcher(patternsOf(inNormalized, scanner.normalize))

  let tokens = new TokenBuffer()
  let words = 0
  const sink: WordSink = {
    word: (units, length, characters) => encodeWord(units, length, characters, words++, tokens),
  }
  const scanNormalized = (part: string): void => {
    for (const inner of matchInNormalized(part) ?? [{ from: 0, to: part.length }]) {
      if (typeof inner === 'number') tokens.push(inner, words++)
      else scanner.scanNormalized(part.slice(inner.from, inner.to), sink)
    }
  }

  return {
    knowsWords: true,
    append: (text, target) => {
      tokens = target
      words = 0
      const parts = matchInText(text)
      if (parts === null && inNormalized.length === 0) scanner.scan(text, sink)
      else {
        for (const part of parts ?? [{ from: 0, to: text.length }]) {
          if (typeof part === 'number') {
            tokens.push(part, words++)
            continue
          }
          const stretch = text.slice(part.from, part.to)
          if (inNormalized.length === 0) scanner.scan(stretch, sink)
          else scanNormalized(scanner.normalize(stretch))
        }
      }
    },
  }
}
