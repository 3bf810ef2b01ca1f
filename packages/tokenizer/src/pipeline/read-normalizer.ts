import { createBertNormalizer } from '../bert-normalizer.ts'
import { readBertNormalizerOptions } from '../bert-pipeline.ts'
import { asPresentBoolean, asString, type JsonObject, own } from '../json-shape.ts'
import { isCombiningMark, isWhiteSpace } from '../unicode/classes.ts'
import type { CodePointSet } from '../unicode/code-point-set.ts'
import { lowerCase } from '../unicode/lower-case.ts'
import { normalForm } from '../unicode/normal-form.ts'
import { toByteCharacters } from './byte-characters.ts'
import { normalizeAsNmt } from './nmt-normalizer.ts'
import { partsOf } from './parts-of.ts'
import { readSegmenter } from './read-segmenter.ts'
import { unknownType } from './refuse.ts'
import type { TextPiece } from './text-piece.ts'

/** What a text is rewritten to before it is cut. */
export type Normalizer = (piece: TextPiece) => TextPiece

const TYPES = [
  'BertNormalizer',
  'ByteLevel',
  'Lowercase',
  'NFC',
  'NFD',
  'NFKC',
  'NFKD',
  'Nmt',
  'Prepend',
  'Replace',
  'Sequence',
  'Strip',
  'StripAccents',
] as const

/** A normalizer that only looks at the text; where it removes the first character, the rest begins later. */
const rewriting =
  (rewrite: (text: string) => string): Normalizer =>
  ({ text, atStart }) => {
    const first = String.fromCodePoint(text.codePointAt(0) ?? 0x20)
    return { text: rewrite(text), atStart: atStart && rewrite(first) !== '' }
  }

/** A normalizer that never removes a text's beginning. */
const keepingStart =
  (rewrite: (text: string) => string): Normalizer =>
  ({ text, atStart }) => ({ text: rewrite(text), atStart })

const without = (isIn: CodePointSet) => (text: string) => {
  let kept = ''
  for (const character of text) if (!isIn(character.codePointAt(0) ?? 0)) kept += character
  return kept
}

const strip =
  (left: boolean, right: boolean): Normalizer =>
  ({ text, atStart }) => {
    // White space is in the first plane throughout.
    let [from, to] = [0, text.length]
    if (left) while (from < to && isWhiteSpace(text.charCodeAt(from))) from++
    if (right) while (from < to && isWhiteSpace(text.charCodeAt(to - 1))) to--
    return { text: text.slice(from, to), atStart: atStart && from === 0 }
  }

const readReplace = (section: JsonObject, where: string): Normalizer => {
  const segment = readSegmenter(section, where)
  const content = asString(own(section, 'content'), `${where}.content`)
  return ({ text, atStart }) => {
    const segments = segment(text)
    return {
      text: segments.map(({ from, to, isMatch }) => (isMatch ? content : text.slice(from, to))).join(''),
      atStart: atStart && !(content === '' && segments[0]?.isMatch === true),
    }
  }
}

/**
 * The normalizer of a tokenizer.json's section; the texts it makes are those of the Rust crate.
 *
 * @throws KicError `tokenizer/bad-json` or, where the part is not known or not exact, `tokenizer/unsupported-component`.
 */
export const readNormalizer = (section: JsonObject, where = 'normalizer', depth = 0): Normalizer => {
  const type = TYPES.find((known) => known === own(section, 'type'))
  switch (type) {
    case 'BertNormalizer':
      return rewriting(createBertNormalizer(readBertNormalizerOptions(section, where)))
    case 'ByteLevel':
      return keepingStart(toByteCharacters)
    case 'Lowercase':
      return keepingStart(lowerCase)
    case 'NFC':
    case 'NFD':
    case 'NFKC':
    case 'NFKD':
      return keepingStart((text) => normalForm(text, type))
    case 'Nmt':
      return rewriting(normalizeAsNmt)
    case 'Prepend': {
      const prefix = asString(own(section, 'prepend'), `${where}.prepend`)
      return keepingStart((text) => (text === '' ? text : prefix + text))
    }
    case 'Replace':
      return readReplace(section, where)
    case 'Sequence': {
      const parts = partsOf(section, 'normalizers', where, depth, readNormalizer)
      return (piece) => parts.reduce((before, normalize) => normalize(before), piece)
    }
    case 'Strip':
      return strip(
        asPresentBoolean(own(section, 'strip_left'), `${where}.strip_left`),
        asPresentBoolean(own(section, 'strip_right'), `${where}.strip_right`),
      )
    case 'StripAccents':
      return rewriting(without(isCombiningMark))
  }
  throw unknownType(section, where, TYPES)
}
