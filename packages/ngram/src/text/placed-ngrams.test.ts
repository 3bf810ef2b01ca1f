import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type PlacedNgram, placedNgrams } from './placed-ngrams.ts'
import { wordNgrams } from './word-ngrams.ts'

const range = { shortest: 1, longest: 4 }

describe('placedNgrams', () => {
  it('are the n-grams that models count, of any text', () => {
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom('a', 'B', '카', ' ', '\n', 'İ', 'Σ', '🚗', '\ud83d', 'ﬃ', '.', '́') }),
    )
    fc.assert(
      fc.property(texts, fc.constantFrom('apart', 'joined'), (text, words) => {
        const placed = [...placedNgrams(text, { ...range, words })]
        expect(placed.map(({ ngram }) => ngram)).toEqual([...wordNgrams(text, { ...range, words })])
        const characters = Array.from(text)
        // Each letter of an n-gram comes from the characters at its places.
        const isElsewhere = ({ ngram, places }: PlacedNgram): boolean => {
          const covered = places.map((place) => characters[place]).join('')
          const lower = covered.toLowerCase().replaceAll('ς', 'σ')
          return /\s/.test(covered) || !lower.includes(ngram.trim().replaceAll('ς', 'σ'))
        }
        expect(placed.filter(isElsewhere)).toEqual([])
      }),
      { numRuns: 500 },
    )
  })

  it('cover characters of the text alone', () => {
    const places = (text: string) =>
      [...placedNgrams(text, { shortest: 2, longest: 2 })].map(({ ngram, places }) => [ngram, ...places])
    expect(places('벼 A🚗')).toEqual([
      [' 벼', 0],
      ['벼 ', 0],
      [' a', 2],
      ['a🚗', 2, 3],
      ['🚗 ', 3],
    ])
  })
})
