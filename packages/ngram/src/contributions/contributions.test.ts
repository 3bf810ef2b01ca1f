import { defined } from '@kic/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { trainNgramModel } from '../model/train-ngram-model.ts'

const ROWS = [
  ['카센터에서 자동차 정비', 'repair'],
  ['타이어 오일 교환', 'repair'],
  ['Car repair 🚗🚗', 'repair'],
  ['논에서 벼 재배', 'farm'],
  ['밭에서 배추 재배', 'farm'],
  ['쌀 농사', 'farm'],
  ['식당에서 국수 판매', 'food'],
  ['İstanbul ΟΔΟΣ kebap', 'food'],
] as const
const rows = ROWS.map(([text, label]) => ({ text, label }))
const MODELS = ['linear-svc', 'nb-svc', 'logistic-regression', 'naive-bayes'] as const
const CLASSES = [0, 1, 2]

/** Pieces of the training texts among anything else. */
const texts = fc.oneof(
  fc
    .array(fc.constantFrom(...ROWS.flatMap(([text]) => Array.from(text)), ' ', '\t', '🚗', 'Σ', '\ud83d'))
    .map((all) => all.join('')),
  fc.string({ unit: 'binary' }),
)

describe.each(MODELS)('contributions to the scores of %s', (kind) => {
  const model = trainNgramModel(rows, { model: kind })
  const contributionsTo = (text: string) => defined(model.contributions)(text, CLASSES)

  it('sum up, with the base, to the score less the mean score', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const { base, characters } = contributionsTo(text)
        const scores = model.scores([text])
        const mean = scores.reduce((a, b) => a + b, 0) / scores.length
        const size = scores.reduce((most, score) => Math.max(most, Math.abs(score)), 1)
        expect(characters).toHaveLength(3 * Array.from(text).length)
        for (const k of CLASSES) {
          const sum = characters.reduce((total, part, at) => (at % 3 === k ? total + part : total), 0)
          // Scores are float32.
          expect(Math.abs(defined(base[k]) + sum - (defined(scores[k]) - mean))).toBeLessThan(1e-6 * size)
        }
      }),
      { numRuns: 300 },
    )
  })

  it('come from the n-grams at each place alone', () => {
    // Three letters that no training text has separate the n-grams of the words.
    const text = '정비 qqqqq 재배'
    const { characters } = contributionsTo(text)
    const of = (place: number, k: number) => defined(characters[3 * place + k])
    const [farm, , repair] = CLASSES
    for (const place of [0, 1]) expect(of(place, defined(repair))).toBeGreaterThan(of(place, defined(farm)))
    for (const place of [9, 10]) expect(of(place, defined(farm))).toBeGreaterThan(of(place, defined(repair)))
    // White space covers nothing.
    for (const place of [2, 8]) expect([0, 1, 2].map((k) => of(place, k))).toEqual([0, 0, 0])
  })
})

it('belong to models whose scores are sums', () => {
  expect(trainNgramModel(rows, { model: 'nearest' }).contributions).toBeUndefined()
})
