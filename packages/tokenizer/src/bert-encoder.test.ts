import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { KOREAN_ROWS } from './__fixtures__/korean-rows.ts'
import { addedToken, bertJson, rustTokenizer, SPECIAL } from './__fixtures__/rust-tokenizer.ts'
import { unicodeText } from './__fixtures__/unicode-text.ts'
import { createBertEncoder } from './bert-encoder.ts'
import { readBertPipeline } from './bert-pipeline.ts'
import { parseTokenizerJson } from './parse-tokenizer-json.ts'
import { TokenBuffer } from './token-buffer.ts'

/** Pieces of the rows of all lengths up to four, whole and continuing, and what the normalisers produce. */
const pieces = [
  ...new Set(
    KOREAN_ROWS.flatMap((row) => {
      const characters = [...row.normalize('NFC'), ...row.normalize('NFD'), ...row.toLowerCase()]
      return characters.flatMap((_, i) => {
        const piece = characters.slice(i, i + 1 + (i % 4)).join('')
        return piece.trim() === piece && piece !== '' && !piece.startsWith('##') ? [piece, `##${piece}`] : []
      })
    }).concat(['e', '##e', 'σ', '##σ', 'x', '##x', '\ufffd', '##\ufffd', '太', '𝒳', '##𝒳', '𐐨', '##𐐨']),
  ),
].filter((piece) => !SPECIAL.includes(piece))

const hangul = fc.integer({ min: 0xac00, max: 0xd7a3 }).map((unit) => String.fromCharCode(unit))
const unit = fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code))
const row = fc.constantFrom(...KOREAN_ROWS)
const odd = fc.constantFrom(
  ...SPECIAL,
  ...[
    '##',
    'İ',
    'Σ',
    'ΑΣ',
    'é',
    'e\u0301\u0323',
    '𐐀',
    '𝒳',
    '\u200b',
    '\u0085',
    '\ud800',
    '\udc00',
    '\ufeff',
    '龘',
    '𠀀',
  ],
  ...['새말', 'New', 'Newer', '새말뭉치', ' 새말 ', 'new', '\t', '\u3000', 'x'.repeat(100), '가'.repeat(101)],
)
const anyText = fc
  .array(fc.oneof(unicodeText(6), unit, hangul, row, odd, fc.constant(' ')), {
    maxLength: 10,
  })
  .map((parts) => parts.join(''))

const SETTINGS: readonly [string, object, readonly object[]][] = [
  ['as klue', {}, []],
  ['lower case, which strips accents and takes Hangul apart', { lowercase: true }, []],
  ['lower case, accents kept', { lowercase: true, strip_accents: false }, []],
  ['accents stripped, case kept', { strip_accents: true }, []],
  [
    'nothing cleaned, ideographs in words',
    { clean_text: false, handle_chinese_chars: false, lowercase: true },
    [],
  ],
  [
    'added tokens of every kind',
    {},
    [
      addedToken(90_000, '새말', { special: false, single_word: true }),
      addedToken(90_001, 'New', { special: false, lstrip: true }),
      addedToken(90_002, 'z', { rstrip: true }),
      addedToken(90_003, 'Newer', { special: false }),
      addedToken(90_004, '새말뭉치', { single_word: true }),
    ],
  ],
  [
    'added tokens matched after normalising',
    { lowercase: true },
    [
      addedToken(90_000, '새말', { special: false, normalized: true, lstrip: true, rstrip: true }),
      addedToken(90_001, 'NEW', { special: false, normalized: true, single_word: true }),
    ],
  ],
]

describe('ids and words equal the official Rust tokenizer', () => {
  for (const [name, normalizer, added] of SETTINGS) {
    it(`${name}: Korean rows and 1,500 random texts`, async () => {
      // Rust numbers added tokens from the end of the vocabulary on.
      const json = bertJson(
        pieces,
        normalizer,
        added.map((token, i) => ({ ...token, id: SPECIAL.length + pieces.length + i })),
      )
      const pipeline = readBertPipeline(parseTokenizerJson(json))
      if (pipeline === null) throw new Error('not recognised as BERT')
      const encoder = createBertEncoder(pipeline)
      const texts = [...KOREAN_ROWS, ...fc.sample(anyText, { numRuns: 1500, seed: 7 })]
      const expected = await rustTokenizer(json).encodeBatch(texts, { addSpecialTokens: false })
      let known = 0
      for (const [i, text] of texts.entries()) {
        const tokens = new TokenBuffer()
        encoder.append(text, tokens)
        const ids = [...tokens.ids.subarray(0, tokens.length)]
        expect(ids, JSON.stringify(text)).toEqual(expected[i]?.getIds())
        expect([...tokens.words.subarray(0, tokens.length)], JSON.stringify(text)).toEqual(
          expected[i]?.getWordIds(),
        )
        known += ids.filter((id) => id >= SPECIAL.length).length
      }
      expect(known).toBeGreaterThan(texts.length)
    })
  }
})
