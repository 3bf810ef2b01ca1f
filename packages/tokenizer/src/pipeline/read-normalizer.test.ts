import { describe, expect, it } from 'vitest'
import { anyTexts } from '../__fixtures__/any-text.ts'
import { rustNormalizer } from '../__fixtures__/rust-tokenizer.ts'
import { wellFormed } from '../unicode/well-formed.ts'
import { readNormalizer } from './read-normalizer.ts'
import { wholePiece } from './text-piece.ts'

const texts = anyTexts(2000, 11)

const SECTIONS: readonly object[] = [
  ...['NFC', 'NFD', 'NFKC', 'NFKD', 'Lowercase', 'StripAccents', 'Nmt', 'ByteLevel'].map((type) => ({
    type,
  })),
  {
    type: 'BertNormalizer',
    clean_text: true,
    handle_chinese_chars: true,
    strip_accents: null,
    lowercase: true,
  },
  ...[true, false].flatMap((left) =>
    [true, false].map((right) => ({ type: 'Strip', strip_left: left, strip_right: right })),
  ),
  { type: 'Prepend', prepend: '▁' },
  { type: 'Prepend', prepend: '' },
  { type: 'Replace', pattern: { String: ' ' }, content: '▁' },
  { type: 'Replace', pattern: { String: '가' }, content: '' },
  { type: 'Replace', pattern: { String: '.' }, content: '$0\\1' },
  { type: 'Replace', pattern: { Regex: '\\s+' }, content: ' ' },
  { type: 'Replace', pattern: { Regex: '[^가-힣a-z]' }, content: '' },
  { type: 'Replace', pattern: { Regex: ' {2,}' }, content: '▁' },
  { type: 'Replace', pattern: { Regex: "``|''" }, content: '"' },
  {
    type: 'Sequence',
    normalizers: [{ type: 'NFD' }, { type: 'Lowercase' }, { type: 'StripAccents' }, { type: 'NFC' }],
  },
  { type: 'Sequence', normalizers: [] },
]

describe('normalizers equal the official ones', () => {
  it.each(SECTIONS.map((section) => [JSON.stringify(section), section] as const))('%s', (_, section) => {
    const [ours, rust] = [readNormalizer({ ...section }), rustNormalizer(section)]
    let changed = 0
    for (const text of texts) {
      const { text: normalized } = ours(wholePiece(wellFormed(text)))
      if (normalized !== text) changed++
      expect(normalized, JSON.stringify(text)).toBe(rust.normalizeString(text))
    }
    if (!JSON.stringify(section).includes('""') && !JSON.stringify(section).includes('[]'))
      expect(changed).toBeGreaterThan(10)
  })

  it.each(['NFC', 'NFD', 'NFKC', 'NFKD', 'Lowercase', 'StripAccents', 'Nmt'])(
    '%s on every code point, alone and between marks',
    (type) => {
      const [ours, rust] = [readNormalizer({ type }), rustNormalizer({ type })]
      for (let start = 0; start < 0x110000; start += 0x1000) {
        if (start >= 0xd000 && start < 0xe000) continue
        // Entirely unassigned or private planes are tested at their beginning.
        if (start >= 0x34000 && start % 0x10000 !== 0) continue
        const points = Array.from({ length: 0x1000 }, (_, i) => String.fromCodePoint(start + i))
        for (const around of [
          (c: string) => `${c}가`,
          (c: string) => `a${c}\u0334 a\u0345${c}e${c}\u0301 `,
        ]) {
          const text = points.map(around).join('')
          expect(ours(wholePiece(text)).text === rust.normalizeString(text), start.toString(16)).toBe(true)
        }
      }
    },
  )
})
