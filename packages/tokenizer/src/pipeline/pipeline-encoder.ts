import {
  type AddedToken,
  createAddedTokenMatcher,
  patternsOf,
  type TextPart,
} from '../added-token-matcher.ts'
import type { ParsedTokenizerJson } from '../parse-tokenizer-json.ts'
import type { SequenceEncoder } from '../token-buffer.ts'
import { wellFormed } from '../unicode/well-formed.ts'
import { readModel } from './read-model.ts'
import { type Normalizer, readNormalizer } from './read-normalizer.ts'
import { type PreTokenizer, readPreTokenizer } from './read-pre-tokenizer.ts'
import { slicePiece, type TextPiece, wholePiece } from './text-piece.ts'

const asItIs: Normalizer = (piece) => piece
const inOneWord: PreTokenizer = (piece) => [piece]

/** A piece's parts; one that is a number is an added token. */
const partsOfPiece = (
  piece: TextPiece,
  parts: readonly TextPart[] | null,
): readonly (TextPiece | number)[] =>
  parts === null
    ? [piece]
    : parts.map((part) => (typeof part === 'number' ? part : slicePiece(piece, part.from, part.to)))

/**
 * An encoder with the ids of the Rust crate `tokenizers` for all supported parts. Added tokens are cut out, the rest is
 * normalised, added tokens of normalised text are cut out, and the remainder is split into words, which the model
 * encodes one by one.
 *
 * @throws KicError if a part is unknown or not exact (`tokenizer/unsupported-component`), or malformed
 */
export const createPipelineEncoder = (json: ParsedTokenizerJson): SequenceEncoder => {
  const normalize = json.normalizer === null ? asItIs : readNormalizer(json.normalizer)
  const preTokenize = json.preTokenizer === null ? inOneWord : readPreTokenizer(json.preTokenizer)
  const encodeWord = readModel(json)
  const inText = (token: AddedToken): boolean => !token.normalized
  const inNormalized = (token: AddedToken): boolean => token.normalized
  const matchInText = createAddedTokenMatcher(
    patternsOf(json.addedTokens.filter(inText), (content) => content),
  )
  const matchInNormalized = createAddedTokenMatcher(
    patternsOf(json.addedTokens.filter(inNormalized), (content) => normalize(wholePiece(content)).text),
  )

  return {
    knowsWords: true,
    append: (text, tokens) => {
      let word = 0
      const whole = wholePiece(wellFormed(text))
      for (const part of partsOfPiece(whole, matchInText(whole.text))) {
        if (typeof part === 'number') {
          tokens.push(part, word++)
          continue
        }
        const normalized = normalize(part)
        for (const inner of partsOfPiece(normalized, matchInNormalized(normalized.text))) {
          if (typeof inner === 'number') tokens.push(inner, word++)
          else if (inner.text !== '') {
            for (const piece of preTokenize(inner)) encodeWord(piece.text, word++, tokens)
          }
        }
      }
    },
  }
}
