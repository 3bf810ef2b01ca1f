import { bertNormalizer, bertPreTokenizer } from 'tokenizers'
import { describe, expect, it } from 'vitest'
import { type BertNormalizerOptions, createBertNormalizer } from './bert-normalizer.ts'
import { createWordScanner } from './word-scanner.ts'

const NONE: BertNormalizerOptions = {
  cleanText: false,
  handleChineseChars: false,
  stripAccents: false,
  lowercase: false,
}

const BLOCK = 4096

/** Whether a block holds assigned characters, or stands for planes that are unassigned or private throughout. */
const isTelling = (start: number): boolean =>
  start < 0x34000 || (start + BLOCK) % 0x10000 <= BLOCK || start === 0xe0000

/** The Unicode scalar values in texts of 4096, each wrapped by `around`. */
const texts = function* (around: (character: string) => string): Generator<string> {
  for (let start = 0; start < 0x110000; start += BLOCK) {
    let text = ''
    for (let point = start; point < start + BLOCK && isTelling(start); point++) {
      if (point < 0xd800 || point >= 0xe000) text += around(String.fromCodePoint(point))
    }
    yield text
  }
}

// U+0345 has the highest combining class and U+0334 the lowest: between them any mark is reordered.
const NEIGHBOURS = [
  (character: string) => `a${character}b`,
  (character: string) => `a${character}\u0334 a\u0345${character} `,
]

describe('the normaliser equals the official one on every assigned code point', () => {
  for (const option of ['cleanText', 'handleChineseChars', 'stripAccents', 'lowercase'] as const) {
    it(option, () => {
      const options = { ...NONE, [option]: true }
      const [ours, rust] = [createBertNormalizer(options), bertNormalizer(options)]
      for (const around of option === 'stripAccents' ? NEIGHBOURS : NEIGHBOURS.slice(0, 1)) {
        for (const text of texts(around))
          expect(ours(text) === rust.normalizeString(text), text.slice(0, 9)).toBe(true)
      }
    })
  }
})

it('the scanner splits at every code point where the official pre-tokenizer does', () => {
  const scanner = createWordScanner(NONE, 100)
  const rust = bertPreTokenizer()
  for (const text of texts((character) => `가${character}나 `)) {
    const words: string[] = []
    scanner.scan(text, {
      word: (units, length) => words.push(String.fromCharCode(...units.subarray(0, length))),
    })
    expect(
      words.join('\n') ===
        rust
          .preTokenizeString(text)
          .map(([word]) => word)
          .join('\n'),
      text.slice(0, 9),
    ).toBe(true)
  }
})
