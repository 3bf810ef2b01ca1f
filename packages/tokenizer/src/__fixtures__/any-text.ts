import fc from 'fast-check'
import { KOREAN_ROWS } from './korean-rows.ts'
import { unicodeText } from './unicode-text.ts'

const inRange = (min: number, max: number): fc.Arbitrary<string> =>
  fc.array(
    fc.integer({ min, max }).map((point) => String.fromCodePoint(point)),
    { minLength: 1, maxLength: 6 },
  ).map((characters) => characters.join(''))

/**
 * Characters that are difficult for tokenizers: joiners, marks, controls, cases, widths, odd spaces, half surrogate
 * pairs.
 */
const ODD = [
  '👩‍👩‍👧‍👦', '🏳️‍🌈', '👍🏽', '🇰🇷', '©\u200d', '®\ufe0f', '\u200b', '\u200d', '\ufeff', '\u0085', '\u00a0', '\u3000',
  '\r\n', '\r', '\n\n', '\t', '\0', '\u0007', '\u007f', '\u00ad', '\u061c', 'İ', 'ı', 'Σ', 'ΑΣ', 'ſ', 'ß', 'K', 'ﬁ', '①',
  '２３', 'Ⅳ', '½', '٣', 'é', 'e\u0301\u0323', 'e\u0323\u0301', '\u0301', '\u0344', '가\u0301', 'ㄱㅏ', 'ᄀ', 'ᅡ', 'ᆨ', '각',
  '각', '\u1112\u119e\u11ab', '太', '𠀀', '豈', 'ｶﾞ', 'が', 'か\u3099', 'שָׁלוֹם', 'مرحبا', 'नमस्ते', '\u0600', '𝒳', '𐐀',
  "don't", "I'LL", "it's", "'ſ", '▁', '▁▁', ' ▁', '<0x41>', '<s>', '[MASK]', '</w>', '##', '\ud800', '\udc00', '\ufffd',
  '\u2028', '\u1680', '\u180e', '·', '‘', '…', '$', '+', '~', '^', '`', '_', '‿', '\u{1f1e6}', '\u{e0100}', '\u{10ffff}',
]

/** Texts of all kinds: Korean rows, whole, cut and decomposed; scripts, emoji, marks, controls, and any character. */
export const anyText: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      fc.constantFrom(...KOREAN_ROWS),
      fc.constantFrom(...KOREAN_ROWS).map((row) => row.normalize('NFD')),
      fc.tuple(fc.constantFrom(...KOREAN_ROWS), fc.nat(10)).map(([row, at]) => row.slice(at, at + 5)),
      fc.constantFrom(...ODD),
      fc.constantFrom(...ODD),
      fc.constantFrom(' ', ' ', '  '),
      unicodeText(4),
      inRange(0x20, 0x7e),
      inRange(0, 0x2ff),
      inRange(0x300, 0x36f),
      inRange(0xac00, 0xd7a3),
      inRange(0x1100, 0x11ff),
      inRange(0x3131, 0x318e),
      inRange(0x4e00, 0x9fff),
      inRange(0x590, 0x6ff),
      inRange(0x900, 0xdff),
      inRange(0x1e00, 0x24ff),
      inRange(0x2e80, 0x33ff),
      inRange(0xf900, 0xfffd),
      inRange(0x1f300, 0x1faff),
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(''))

/** `count` texts, the same in every run. */
export const anyTexts = (count: number, seed: number): string[] => fc.sample(anyText, { numRuns: count, seed })
