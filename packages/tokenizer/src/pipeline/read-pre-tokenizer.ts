import {
  asBoolean,
  asCharacter,
  asInteger,
  asOneOf,
  asPresentBoolean,
  type JsonObject,
  own,
} from '../json-shape.ts'
import { matchesOf } from '../pattern/pattern-segmenter.ts'
import { isNumeric, isPunctuation, isWhiteSpace, isWord } from '../unicode/classes.ts'
import { toByteCharacters } from './byte-characters.ts'
import { expectBounded } from './expect-bounded.ts'
import { readMetaspace } from './metaspace.ts'
import { partsOf } from './parts-of.ts'
import { readSegmenter } from './read-segmenter.ts'
import { unknownType } from './refuse.ts'
import { charactersIn, occurrencesOf, type Segmenter, SPLIT_BEHAVIORS, splitPiece } from './split-text.ts'
import { prefixPiece, rewritePiece, slicePiece, type TextPiece } from './text-piece.ts'

/** Splits a piece of normalised text into words, which the model then encodes one by one. */
export type PreTokenizer = (piece: TextPiece) => readonly TextPiece[]

const TYPES = [
  'BertPreTokenizer',
  'ByteLevel',
  'CharDelimiterSplit',
  'Digits',
  'FixedLength',
  'Metaspace',
  'Punctuation',
  'Sequence',
  'Split',
  'Whitespace',
  'WhitespaceSplit',
] as const

/** GPT-2's words (openai/gpt-2, encoder.py). */
const GPT2 = String.raw`'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`

const spaces = charactersIn(isWhiteSpace)
const punctuation = charactersIn(isPunctuation)
const digits = charactersIn(isNumeric)

const inSequence =
  (parts: readonly PreTokenizer[]): PreTokenizer =>
  (piece) =>
    parts.reduce<readonly TextPiece[]>(
      (before, part) => {
        const after = before.flatMap(part)
        expectBounded(
          after.reduce((sum, { text }) => sum + text.length, 0),
          piece.text.length,
        )
        return after
      },
      [piece],
    )

/** `\w+|[^\w\s]+`: runs of word characters, and of others that are not white space. */
const splitWords: PreTokenizer = (piece) => {
  const { text } = piece
  const pieces: TextPiece[] = []
  let from = 0
  let kind = 0
  for (let at = 0; at <= text.length; ) {
    const point = text.codePointAt(at)
    const next = point === undefined ? 0 : isWord(point) ? 1 : isWhiteSpace(point) ? 0 : 2
    if (next !== kind) {
      if (kind !== 0) pieces.push(slicePiece(piece, from, at))
      from = at
      kind = next
    }
    at += point !== undefined && point > 0xffff ? 2 : 1
  }
  return pieces
}

const readByteLevel = (section: JsonObject, where: string): PreTokenizer => {
  const prefixed = asPresentBoolean(own(section, 'add_prefix_space'), `${where}.add_prefix_space`)
  const words = asBoolean(own(section, 'use_regex'), `${where}.use_regex`, true)
    ? matchesOf(GPT2, where)
    : null
  return (given) => {
    const piece = prefixed && !given.text.startsWith(' ') ? prefixPiece(given, ' ') : given
    const pieces = words === null ? [piece] : splitPiece(piece, words, 'Isolated')
    return pieces.map((part) => rewritePiece(part, toByteCharacters))
  }
}

const readSplit = (section: JsonObject, where: string): PreTokenizer => {
  const matches = readSegmenter(section, where)
  const behavior = asOneOf(own(section, 'behavior'), `${where}.behavior`, SPLIT_BEHAVIORS)
  const inverted = asPresentBoolean(own(section, 'invert'), `${where}.invert`)
  const segment: Segmenter = (text) =>
    inverted ? matches(text).map((part) => ({ ...part, isMatch: !part.isMatch })) : matches(text)
  return (piece) => splitPiece(piece, segment, behavior)
}

const cutEvery =
  (length: number): PreTokenizer =>
  (piece) => {
    const pieces: TextPiece[] = []
    let [from, at, characters] = [0, 0, 0]
    for (const character of piece.text) {
      at += character.length
      if (++characters % length !== 0 && at < piece.text.length) continue
      pieces.push(slicePiece(piece, from, at))
      from = at
    }
    return pieces
  }

/**
 * The pre-tokenizer of a tokenizer.json's section; it splits like the Rust crate.
 *
 * @throws KicError `tokenizer/bad-json` or, if the part is unknown or not exact, `tokenizer/unsupported-component`
 */
export const readPreTokenizer = (section: JsonObject, where = 'pre_tokenizer', depth = 0): PreTokenizer => {
  const type = TYPES.find((known) => known === own(section, 'type'))
  switch (type) {
    case 'BertPreTokenizer':
      return inSequence([
        (piece) => splitPiece(piece, spaces, 'Removed'),
        (piece) => splitPiece(piece, punctuation, 'Isolated'),
      ])
    case 'ByteLevel':
      return readByteLevel(section, where)
    case 'CharDelimiterSplit': {
      const delimiter = occurrencesOf(asCharacter(own(section, 'delimiter'), `${where}.delimiter`))
      return (piece) => splitPiece(piece, delimiter, 'Removed')
    }
    case 'Digits': {
      const each = asPresentBoolean(own(section, 'individual_digits'), `${where}.individual_digits`)
      return (piece) => splitPiece(piece, digits, each ? 'Isolated' : 'Contiguous')
    }
    case 'FixedLength':
      return cutEvery(asInteger(own(section, 'length'), `${where}.length`, 1, 1 << 20))
    case 'Metaspace':
      return readMetaspace(section, where).preTokenize
    case 'Punctuation': {
      const behavior = asOneOf(own(section, 'behavior') ?? 'Isolated', `${where}.behavior`, SPLIT_BEHAVIORS)
      return (piece) => splitPiece(piece, punctuation, behavior)
    }
    case 'Sequence':
      return inSequence(partsOf(section, 'pretokenizers', where, depth, readPreTokenizer))
    case 'Split':
      return readSplit(section, where)
    case 'Whitespace':
      return splitWords
    case 'WhitespaceSplit':
      return (piece) => splitPiece(piece, spaces, 'Removed')
  }
  throw unknownType(section, where, TYPES)
}
