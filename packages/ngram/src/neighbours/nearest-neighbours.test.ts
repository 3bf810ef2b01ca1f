import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import reference from '../__fixtures__/scikit-learn.json' with { type: 'json' }
import { trainNgramModel } from '../model/train-ngram-model.ts'
import { learnVocabulary, ngramWeighting } from '../text/ngram-vocabulary.ts'
import cases from './__fixtures__/nearest.json' with { type: 'json' }
import { nearestRows } from './nearest-rows.ts'
import { postingLists } from './posting-lists.ts'

const coded = reference.train.map((text, i) => ({ text, label: `class ${reference.labels[i]}` }))

const trained = (rows: typeof coded, options: object = {}) => {
  const model = trainNgramModel(rows, { model: 'nearest', ...options })
  const { neighbours } = model
  if (neighbours === undefined) throw new Error('a nearest model has neighbours')
  return { ...model, neighbours }
}

describe('neighbours', () => {
  it.each(cases)(
    "are those of scikit-learn's NearestNeighbors, n-grams of $shortest to $longest in at most $mostTexts texts",
    ({ similarity, ...options }) => {
      const model = trained(coded, options)
      let compared = 0
      for (const [query, text] of reference.unseen.entries()) {
        const expected = similarity[query] ?? []
        const found = model.neighbours(text, 5)
        for (const { row, similarity: own, ...neighbour } of found) {
          expect(own).toBeCloseTo(expected[row] ?? Number.NaN, 6)
          expect(neighbour).toEqual(coded[row])
          compared++
        }
        const last = found.at(4)?.similarity ?? 0
        const others = expected.filter((_, row) => !found.some((one) => one.row === row))
        for (const other of others) expect(other).toBeLessThan(last + 1e-6)
      }
      expect(compared).toBeGreaterThan(reference.unseen.length)
    },
  )

  it('are the most similar rows, of equal ones the first, whatever the texts are', () => {
    const text = fc.string({ unit: fc.constantFrom('가', '나', 'b', 'B', ' '), maxLength: 8 })
    fc.assert(
      fc.property(
        fc.array(text, { minLength: 1, maxLength: 30 }),
        text,
        fc.integer({ min: 0, max: 8 }),
        (texts, query, k) => {
          const vocabulary = learnVocabulary(texts, { shortest: 1, longest: 3 })
          const weighted = ngramWeighting(vocabulary)
          const [rows, queries] = [weighted(texts), weighted([query])]
          const cosine = (row: number): number => {
            const own = new Map<number, number>()
            for (let i = rows.offsets[row] ?? 0; i < (rows.offsets[row + 1] ?? 0); i++)
              own.set(rows.indices[i] ?? -1, Math.fround(rows.values[i] ?? 0))
            return queries.indices.reduce(
              (sum, ngram, i) => sum + (queries.values[i] ?? 0) * (own.get(ngram) ?? 0),
              0,
            )
          }
          const expected = texts
            .map((_, row) => ({ row, similarity: cosine(row) }))
            .filter(({ similarity }) => similarity > 0)
            .sort((a, b) => b.similarity - a.similarity || a.row - b.row)
            .slice(0, k)
            .map(({ row, similarity }) => ({ row, similarity: Math.min(1, similarity) }))
          const nearest = nearestRows(postingLists(texts, vocabulary))
          expect(nearest(queries, 0, k)).toEqual(expected)
          // The search leaves nothing behind.
          expect(nearest(queries, 0, k)).toEqual(expected)
        },
      ),
    )
  })

  it('have a similarity of 1 where texts are equal, and are none where no n-gram is shared', () => {
    const { neighbours } = trained([
      { text: '빵집 운영', label: 'a' },
      { text: '카센터', label: 'b' },
      { text: '빵집 운영', label: 'c' },
    ])
    const found = neighbours('빵집 운영')
    expect(found.map(({ row, label }) => `${row}${label}`)).toEqual(['0a', '2c'])
    for (const { similarity } of found) expect(similarity).toBeCloseTo(1, 6)
    expect(neighbours('xyz')).toEqual([])
    expect(neighbours('')).toEqual([])
    expect(neighbours('빵집', 1)).toHaveLength(1)
  })
})

describe('scores', () => {
  const rows = [
    { text: '빵집', label: 'a' },
    { text: '빵집', label: 'b' },
    { text: '빵집', label: 'b' },
    { text: '카센터', label: 'c' },
  ]

  it('are logarithms of votes, and equal for a text that is like none', () => {
    const { scores, predict } = trained(rows, { smoothing: 0.5 })
    const [a, b, c] = scores(['빵집'])
    expect(b).toBe(0)
    expect(a).toBeCloseTo(Math.log(1.5 / 2.5), 6)
    expect(c).toBeCloseTo(Math.log(0.5 / 2.5), 6)
    expect(scores(['xyz'])).toEqual(Float32Array.of(0, 0, 0))
    expect(predict(['카센터', 'xyz'])).toEqual(['c', 'a'])
  })

  it('count as many neighbours as vote, by similarity to the power', () => {
    const { scores } = trained(rows, { neighbours: 2, smoothing: 0.5 })
    // Rows 0 and 1 are the first of three equal ones.
    const [a, b] = scores(['빵집'])
    expect([a, b]).toEqual([0, 0])
    const text = '빵집 카센터'
    const weak = trained(rows, { power: 3, smoothing: 0.1 })
    const [one, , , last] = weak.neighbours(text).toSorted((x, y) => x.row - y.row)
    const [sa, , sc] = weak.scores([text])
    const vote = (similarity = Number.NaN): number => 0.1 + similarity ** 3
    expect((sa ?? 0) - (sc ?? 0)).toBeCloseTo(Math.log(vote(one?.similarity) / vote(last?.similarity)), 5)
  })
})
