import { asBoolean, asCharacter, asOneOf, type JsonObject, own } from '../json-shape.ts'
import { unsupported } from './refuse.ts'
import { occurrencesOf, splitPiece } from './split-text.ts'
import { prefixPiece, rewritePiece, type TextPiece } from './text-piece.ts'

/** SentencePiece's way of writing spaces as a visible character, in both directions. */
export interface Metaspace {
  preTokenize(piece: TextPiece): TextPiece[]
  decode(tokens: readonly string[]): string[]
}

const SCHEMES = ['always', 'first', 'never'] as const

/** Reads a `Metaspace` section. @throws KicError `tokenizer/bad-json`, `tokenizer/unsupported-component` */
export const readMetaspace = (section: JsonObject, where: string): Metaspace => {
  const mark = asCharacter(own(section, 'replacement'), `${where}.replacement`)
  const scheme = asOneOf(own(section, 'prepend_scheme') ?? 'always', `${where}.prepend_scheme`, SCHEMES)
  const isSplit = asBoolean(own(section, 'split'), `${where}.split`, true)
  // The name before tokenizers 0.15; Rust also refuses a contradiction.
  if (!asBoolean(own(section, 'add_prefix_space'), `${where}.add_prefix_space`, true) && scheme !== 'never') {
    throw unsupported(where, 'without a contradiction', section, 'Write prepend_scheme: never instead.')
  }
  const marks = occurrencesOf(mark)

  return {
    preTokenize: (given) => {
      const spaced = rewritePiece(given, (text) => text.replaceAll(' ', mark))
      const isPrefixed = scheme === 'always' || (scheme === 'first' && given.head > 0)
      const piece = isPrefixed && !spaced.text.startsWith(mark) ? prefixPiece(spaced, mark) : spaced
      return isSplit ? splitPiece(piece, marks, 'MergedWithNext') : [piece]
    },
    decode: (tokens) =>
      tokens.map((token, i) => token.replaceAll(mark, i === 0 && scheme !== 'never' ? '' : ' ')),
  }
}
