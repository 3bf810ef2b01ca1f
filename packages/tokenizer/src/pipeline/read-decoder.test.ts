import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rustDecoder } from '../__fixtures__/rust-tokenizer.ts'
import { unicodeText } from '../__fixtures__/unicode-text.ts'
import { readDecoder } from './read-decoder.ts'

const SECTIONS: readonly object[] = [
  { type: 'BPEDecoder', suffix: '</w>' },
  { type: 'ByteFallback' },
  { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
  { type: 'Fuse' },
  ...['always', 'first', 'never'].map((prepend_scheme) => ({
    type: 'Metaspace',
    replacement: '▁',
    prepend_scheme,
    split: true,
  })),
  { type: 'Replace', pattern: { String: '▁' }, content: ' ' },
  { type: 'Replace', pattern: { Regex: '[가a]+' }, content: '' },
  { type: 'Strip', content: ' ', start: 1, stop: 0 },
  { type: 'WordPiece', prefix: '##', cleanup: true },
  { type: 'WordPiece', prefix: '', cleanup: false },
  {
    type: 'Sequence',
    decoders: [
      { type: 'Replace', pattern: { String: '▁' }, content: ' ' },
      { type: 'ByteFallback' },
      { type: 'Fuse' },
      { type: 'Strip', content: ' ', start: 1, stop: 0 },
    ],
  },
  {
    type: 'Sequence',
    decoders: [{ type: 'Fuse' }, { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true }],
  },
]

const byteToken = fc.nat(255).map((byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`)
const token = fc.oneof(
  byteToken,
  byteToken,
  fc.constantFrom(
    '가',
    '▁가',
    '▁▁',
    '##나',
    'a</w>',
    '</w>',
    'b',
    ' ',
    '  a ',
    '.',
    " n't",
    ' do not',
    '<0x+A>',
    '<0xé>',
  ),
  fc.constantFrom(
    '<0xeA>',
    '<0xEA>',
    '<0xB0>',
    '<0x80>',
    'ê°Ģ',
    'Ġ',
    'ê',
    '°',
    'Ģ',
    'ï»¿',
    '\ufeff',
    '𐀀',
    '[SEP]',
    '',
  ),
  unicodeText(4),
)

describe('decoders write what the official ones write', () => {
  it.each(SECTIONS.map((section) => [JSON.stringify(section), section] as const))('%s', (_, section) => {
    const [ours, rust] = [readDecoder({ ...section }), rustDecoder(section)]
    fc.assert(
      fc.property(fc.array(token, { minLength: 1, maxLength: 10 }), (tokens) => {
        expect(ours(tokens).join('')).toBe(rust.decode(tokens))
      }),
      { numRuns: 400 },
    )
  })
})
