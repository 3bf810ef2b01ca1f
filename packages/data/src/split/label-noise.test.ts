import { createRandom, defined } from '@kic/core'
import { describe, expect, it } from 'vitest'
import { answers } from '../__fixtures__/answers.ts'
import { joinFields, type Row } from '../row.ts'
import { crossValidate, findLabelNoise } from './label-noise.ts'

const sections = [...'ACFGHILMNPQRS']
const numberOf = (row: Row): number => sections.indexOf(row.labels?.section ?? '')

/** Naive Bayes on pairs of characters: a model that is nothing of this package. */
const naiveBayes = (train: readonly Row[], dev: readonly Row[]): Float32Array => {
  const pairs = (text: string): string[] =>
    Array.from({ length: text.length - 1 }, (_, i) => text.slice(i, i + 2))
  const counts = sections.map(() => new Map<string, number>())
  const totals = sections.map(() => 0)
  for (const row of train) {
    const own = counts[numberOf(row)]
    for (const pair of pairs(row.text)) {
      own?.set(pair, (own.get(pair) ?? 0) + 1)
      totals[numberOf(row)] = defined(totals[numberOf(row)]) + 1
    }
  }
  return Float32Array.from(
    dev.flatMap((row) => {
      const logs = sections.map((_, c) =>
        pairs(row.text).reduce(
          (sum, pair) => sum + Math.log(((counts[c]?.get(pair) ?? 0) + 0.2) / (defined(totals[c]) + 2000)),
          0,
        ),
      )
      const highest = Math.max(...logs)
      const weights = logs.map((log) => Math.exp(log - highest))
      const total = weights.reduce((a, b) => a + b, 0)
      return weights.map((weight) => weight / total)
    }),
  )
}

describe('label noise', () => {
  it('that was planted is found by cross-validation', async () => {
    const clean = answers(4000, 3)
      .map(
        ({ id, section, division, group, ...fields }, i): Row => ({
          id,
          line: i + 2,
          text: joinFields(fields),
          fields,
          labels: { section, division, group },
        }),
      )
      .filter((row) => numberOf(row) >= 0)
    const random = createRandom('flips')
    const flipped = new Set<number>()
    const rows = clean.map((row, i): Row => {
      if (random.next() >= 0.04) return row
      flipped.add(i)
      const other = (numberOf(row) + 1 + random.int(sections.length - 1)) % sections.length
      return { ...row, labels: { section: defined(sections[other]) } }
    })
    let learned = 0
    const probabilities = await crossValidate(
      rows,
      { folds: 4, seed: 1, level: 'section', classes: sections.length },
      ({ train, dev }) => {
        learned += dev.length
        return naiveBayes(train, dev)
      },
    )
    expect(learned).toBe(rows.length)
    const found = findLabelNoise(probabilities, rows.map(numberOf), sections.length)
    const hits = found.filter(({ row }) => flipped.has(row))
    expect(hits.length / flipped.size).toBeGreaterThan(0.75)
    const surest = found.slice(0, Math.round(flipped.size / 2))
    expect(surest.filter(({ row }) => flipped.has(row)).length / surest.length).toBeGreaterThan(0.8)
    const original = hits.filter(
      ({ row, suggested }) => suggested === sections.indexOf(clean[row]?.labels?.section ?? ''),
    )
    expect(original.length / hits.length).toBeGreaterThan(0.85)
  }, 60_000)

  it('follows the rule of confident learning, worked out by hand', () => {
    // Averages of own labels: class 0 (0.9 + 0.7 + 0.2) / 3 = 0.6, class 1 (0.8 + 0.4) / 2 = 0.6.
    const probabilities = Float32Array.of(0.9, 0.1, 0.7, 0.3, 0.2, 0.8, 0.2, 0.8, 0.6, 0.4, 0.5, 0.5)
    expect(findLabelNoise(probabilities, [0, 0, 0, 1, 1, -1], 2)).toEqual([
      {
        row: 2,
        given: 0,
        suggested: 1,
        givenProbability: expect.closeTo(0.2),
        suggestedProbability: expect.closeTo(0.8),
      },
      {
        row: 4,
        given: 1,
        suggested: 0,
        givenProbability: expect.closeTo(0.4),
        suggestedProbability: expect.closeTo(0.6),
      },
    ])
  })

  it('needs a probability for every row and class', async () => {
    const bad = expect.objectContaining({ code: 'data/bad-probabilities' })
    expect(() => findLabelNoise(new Float32Array(3), [0, 1], 2)).toThrow(bad)
    expect(() => findLabelNoise(Float32Array.of(2, 0), [0], 2)).toThrow(bad)
    const rows = [{ text: 'a' }, { text: 'b' }]
    await expect(
      crossValidate(rows, { folds: 2, seed: 1, classes: 2 }, () => new Float32Array(1)),
    ).rejects.toThrow(bad)
  })
})
