import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyText, anyTexts } from '../__fixtures__/any-text.ts'
import { rustPreTokenizer } from '../__fixtures__/rust-tokenizer.ts'
import { readPreTokenizer } from '../pipeline/read-pre-tokenizer.ts'
import { wholePiece } from '../pipeline/text-piece.ts'
import { wellFormed } from '../unicode/well-formed.ts'

/** Patterns of published tokenizers: GPT-2, GPT-4 and Llama 3, Qwen 2, GPT-4o, DeepSeek, Falcon, StarCoder. */
const PUBLISHED = [
  String.raw`'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`,
  String.raw`(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`,
  String.raw`(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`,
  String.raw`[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+`,
  '[一-龥぀-ゟ゠-ヿ]+',
  String.raw`[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`,
  '[0-9][0-9][0-9]',
  String.raw`\s?\p{L}+`,
  String.raw`\s?[!-/:-~！-／：-～‘-‟　-。]+`,
  String.raw`\d+|\D`,
  String.raw`\w+|\W`,
  '(?:ab|a)(?:c|bcd)(d*)',
  String.raw`a??b|\S+?\s|.`,
  String.raw`\P{L}|\p{^Lu}`,
  String.raw`\x{AC00}|\u0041(?=\p{L})|[\x{1F300}-\x{1FAFF}]{2,4}`,
]

const expectEqual = (regex: string, texts: readonly string[], behavior = 'Isolated'): void => {
  const section = { type: 'Split', pattern: { Regex: regex }, behavior, invert: false }
  const [ours, rust] = [readPreTokenizer(section), rustPreTokenizer(section)]
  for (const text of texts) {
    const pieces = ours(wholePiece(wellFormed(text))).map((piece) => piece.text)
    expect(pieces, `${regex} ${JSON.stringify(text)}`).toEqual(
      rust.preTokenizeString(text).map(([piece]) => piece),
    )
  }
}

describe('patterns match what Oniguruma matches', () => {
  const texts = anyTexts(1500, 13).filter((text) => text !== '')
  it.each(PUBLISHED)('%s', (regex) => expectEqual(regex, texts))

  // Repeated repetitions would make Oniguruma give up, which ends the process.
  it('random ones', () => {
    const atom = fc.constantFrom(
      ...[
        'a',
        'b',
        '가',
        ' ',
        '[ab]',
        '[^a]',
        '\\s',
        '\\S',
        '\\p{L}',
        '[^\\s\\p{L}]',
        '.',
        '(?i:k)',
        "(?i:'S)",
      ],
    )
    const quantifier = fc.constantFrom('', '', '', '?', '*', '+', '{2}', '{1,3}', '{2,}', '??', '*?', '+?')
    const sequence = (item: fc.Arbitrary<string>): fc.Arbitrary<string> =>
      fc.array(item, { minLength: 1, maxLength: 4 }).map((items) => items.join(''))
    const item = fc.tuple(atom, quantifier).map(([part, count]) => part + count)
    const group = fc
      .array(sequence(item), { minLength: 1, maxLength: 3 })
      .map((options) => `(?:${options.join('|')})`)
    const deep = fc.oneof(
      item,
      fc.tuple(group, fc.constantFrom('', '?', '{2}')).map(([part, count]) => part + count),
      fc.constantFrom('(?!a)', '(?=\\s)', '(?!\\S)'),
    )
    const pattern = fc
      .array(sequence(deep), { minLength: 1, maxLength: 3 })
      .map((options) => options.join('|'))
    const text = fc.oneof(
      anyText,
      fc.string({ unit: fc.constantFrom('a', 'b', '가', ' ', '\n', 'K', "'", 's'), maxLength: 12 }),
    )
    let compared = 0
    fc.assert(
      fc.property(
        pattern,
        fc.array(
          text.filter((t) => t !== ''),
          { minLength: 1, maxLength: 5 },
        ),
        (regex, given) => {
          const section = { type: 'Split', pattern: { Regex: regex }, behavior: 'Isolated', invert: false }
          try {
            readPreTokenizer(section)
          } catch {
            return
          }
          compared++
          expectEqual(regex, given)
        },
      ),
      { numRuns: 400 },
    )
    expect(compared).toBeGreaterThan(100)
  })
})
