import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyTexts } from '../__fixtures__/any-text.ts'
import { charsmapOf } from '../__fixtures__/charsmap.ts'
import { rustNormalizer } from '../__fixtures__/rust-tokenizer.ts'
import { wellFormed } from '../unicode/well-formed.ts'
import { readNormalizer } from './read-normalizer.ts'
import { wholePiece } from './text-piece.ts'

/**
 * A small version of sentencepiece's `nmt_nfkc`: compositions, widths, white space, removals, and prefixes of others.
 */
const MAPPING = {
  ...{
    '\u0001': '',
    '\t': ' ',
    '\n': ' ',
    '\r\n': ' ',
    '\u00a0': ' ',
    '\u3000': ' ',
    '\u200b': ' ',
    '\ufeff': '',
  },
  ...{ ﬁ: 'fi', '①': '1', '２': '2', Ａ: 'a', İ: 'i\u0307', ß: 'ss', '½': '1/2', '…': '...', ㄱ: 'ᄀ' },
  ...{
    'e\u0301': 'é',
    'a\u0301': 'á',
    a: 'α',
    '\u0301': '´',
    가: '나다',
    ᄀ: 'ㄱ',
    क: 'k',
    '©': '(c)',
    '☺': ':)',
  },
  ...{ 'か\u3099': 'が', '\u0600': '#', '\u200d': '', 𝒳: 'X', '👍': '+1', b: '' },
}
const precompiled_charsmap = charsmapOf(MAPPING)
const section = { type: 'Precompiled', precompiled_charsmap }
const [ours, rust] = [readNormalizer(section), rustNormalizer(section)]

const expectEqual = (text: string): void => {
  expect(ours(wholePiece(wellFormed(text))).text, JSON.stringify(text)).toBe(rust.normalizeString(text))
}

describe('Precompiled equals the official normalizer', () => {
  it('on texts of all kinds', () => {
    for (const text of anyTexts(3000, 41)) expectEqual(text)
  })

  it('at the boundaries of user-perceived characters', () => {
    const part = fc.constantFrom(
      ...Object.keys(MAPPING),
      ...[
        'z',
        '가',
        '각',
        'ᄀ',
        'ᅡ',
        'ᆨ',
        '\u0308',
        '\u0300',
        '\u094d',
        '\u0915',
        '\u0937',
        '\u093e',
        '\u0903',
        '\u200d',
      ],
      ...[
        '\u{1f1e6}',
        '\u{1f3fd}',
        '\ufe0f',
        '®',
        '😀',
        '\u0605',
        '\u06dd',
        '\r',
        '\u0085',
        '\u{e0001}',
        '\u0c4d',
        '\u0cbf',
      ],
      ...[
        '\u1b44',
        '\u1039',
        '\u1000',
        '\u17d2',
        '\u1780',
        '\u0d4e',
        '\u{110bd}',
        '\u{11133}',
        '\u0344',
        '\u0e33',
        ' ',
      ],
    )
    fc.assert(
      fc.property(
        fc.array(part, { maxLength: 9 }).map((parts) => parts.join('')),
        expectEqual,
      ),
      { numRuns: 5000 },
    )
  })

  it('on every code point between characters that join', () => {
    for (let start = 0; start < 0x110000; start += 0x1000) {
      if (start >= 0xd000 && start < 0xe000) continue
      if (start >= 0x20000 && start % 0x10000 !== 0) continue
      const points = Array.from({ length: 0x1000 }, (_, i) => String.fromCodePoint(start + i))
      for (const around of [
        (c: string) => `a${c}a\u0301 ${c}\u0301\u0301`,
        (c: string) => `☺${c}\u200d☺\u0301 \u0915\u094d${c}\u0301`,
        (c: string) => `\u0915${c}\u0915\u0301${c}\u094d\u0915\u0301`,
      ]) {
        const text = points.map(around).join('')
        expect(ours(wholePiece(text)).text === rust.normalizeString(text), start.toString(16)).toBe(true)
      }
    }
  })

  it.each([
    ['nothing', ''],
    ['no base 64', 'é'],
    ['too little', 'AAAA'],
    ['a size beyond its end', Buffer.from([8, 0, 0, 0, 0, 0, 0, 0]).toString('base64')],
    ['texts that are not UTF-8', Buffer.from([4, 0, 0, 0, 0, 0, 0, 0, 0xff]).toString('base64')],
    ['a number', 1],
  ])('refuses %s', (_, given) => {
    expect(() => readNormalizer({ type: 'Precompiled', precompiled_charsmap: given })).toThrowError(
      expect.objectContaining({ code: 'tokenizer/bad-json' }),
    )
  })

  it('accepts or refuses any bytes without other errors', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 4, maxLength: 64 }), fc.string(), (bytes, text) => {
        const size = Math.max(4, Math.floor((bytes.length - 4) / 4) * 4)
        const given = Buffer.concat([
          Buffer.from([size, 0, 0, 0]),
          bytes.map((byte) => byte & 0x7f),
          Buffer.alloc(4),
        ])
        const normalize = readNormalizer({
          type: 'Precompiled',
          precompiled_charsmap: given.toString('base64'),
        })
        expect(typeof normalize(wholePiece(text)).text).toBe('string')
      }),
    )
  })
})
