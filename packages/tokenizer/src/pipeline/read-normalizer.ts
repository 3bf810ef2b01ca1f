import { createBertNormalizer } from '../bert-normalizer.ts'
import { readBertNormalizerOptions } from '../bert-pipeline.ts'
import { asPresentBoolean, asString, type JsonObject, own } from '../json-shape.ts'
import { isCombiningMark, isWhiteSpace } from '../unicode/classes.ts'
import type { CodePointSet } from '../unicode/code-point-set.ts'
import { lowerCase } from '../unicode/lower-case.ts'
import { normalForm } from '../unicode/normal-form.ts'
import { toByteCharacters } from './byte-characters.ts'
import { expectBounded } from './expect-bounded.ts'
import { normalizeAsNmt } from './nmt-normalizer.ts'
import { partsOf } from './parts-of.ts'
import { readPrecompiled } from './precompiled.ts'
import { readSegmenter } from './read-segmenter.ts'
import { unknownType } from './refuse.ts'
import { prefixPiece, rewritePiece, slicePiece, type TextPiece } from './text-piece.ts'

/** Rewrites a text before it is split. */
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
  'Precompiled',
  'Prepend',
  'Replace',
  'Sequence',
  'Strip',
  'StripAccents',
] as const

const rewriting =
  (rewrite: (text: string) => string): Normalizer =>
  (piece) =>
    rewritePiece(piece, rewrite)

const without = (isIn: CodePointSet) => (text: string) => {
  let kept = ''
  for (const character of text) if (!isIn(character.codePointAt(0) ?? 0)) kept += character
  return kept
}

const strip =
  (left: boolean, right: boolean): Normalizer =>
  (piece) => {
    const { text } = piece
    // All white space is in the first plane.
    let [from, to] = [0, text.length]
    if (left) while (from < to && isWhiteSpace(text.charCodeAt(from))) from++
    if (right) while (from < to && isWhiteSpace(text.charCodeAt(to - 1))) to--
    return slicePiece(piece, from, to)
  }

const readReplace = (section: JsonObject, where: string): Normalizer => {
  const segment = readSegmenter(section, where)
  const content = asString(own(section, 'content'), `${where}.content`)
  return ({ text, head }) => {
    let [replaced, newHead] = ['', 0]
    for (const { from, to, isMatch } of segment(text)) {
      expectBounded(replaced.length, text.length)
      replaced += isMatch ? content : text.slice(from, to)
      if (from < head) newHead = isMatch ? replaced.length : replaced.length - Math.max(0, to - head)
    }
    return { text: replaced, head: newHead }
  }
}

/**
 * The normalizer of a tokenizer.json's section; its output equals that of the Rust crate.
 *
 * @throws KicError `tokenizer/bad-json` or, if the part is unknown or not exact, `tokenizer/unsupported-component`
 */
export const readNormalizer = (section: JsonObject, where = 'normalizer', depth = 0): Normalizer => {
  const type = TYPES.find((known) => known === own(section, 'type'))
  switch (type) {
    case 'BertNormalizer':
      return rewriting(createBertNormalizer(readBertNormalizerOptions(section, where)))
    case 'ByteLevel':
      return rewriting(toByteCharacters)
    case 'Lowercase':
      return rewriting(lowerCase)
    case 'NFC':
    case 'NFD':
    case 'NFKC':
    case 'NFKD':
      return rewriting((text) => normalForm(text, type))
    case 'Nmt':
      return rewriting(normalizeAsNmt)
    case 'Precompiled':
      return readPrecompiled(section, where)
    case 'Prepend': {
      const prefix = asString(own(section, 'prepend'), `${where}.prepend`)
      return (piece) => (piece.text === '' ? piece : prefixPiece(piece, prefix))
    }
    case 'Replace':
      return readReplace(section, where)
    case 'Sequence': {
      const parts = partsOf(section, 'normalizers', where, depth, readNormalizer)
      return (piece) =>
        parts.reduce((before, normalize) => {
          const after = normalize(before)
          expectBounded(after.text.length, piece.text.length)
          return after
        }, piece)
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
