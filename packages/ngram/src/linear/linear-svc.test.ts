import { describe, expect, it } from 'vitest'
import reference from '../__fixtures__/scikit-learn.json' with { type: 'json' }
import { learnVocabulary, ngramWeighting } from '../text/ngram-vocabulary.ts'
import type { SparseRows } from '../text/sparse-rows.ts'
import { wordNgrams } from '../text/word-ngrams.ts'
import { decision } from './hyperplane.ts'
import { trainLinearSvc } from './linear-svc.ts'

const range = { shortest: 1, longest: 4 }
const weighted = ngramWeighting(learnVocabulary(reference.train, range))

const lists = ({ rows, offsets, values }: SparseRows): number[][] =>
  Array.from({ length: rows }, (_, row) =>
    Array.from(values.subarray(offsets[row], offsets[row + 1])).sort((a, b) => a - b),
  )

describe('n-grams', () => {
  it('stay within words, and count a short word once for each length that it has', () => {
    expect([...wordNgrams('A 빵집', { shortest: 1, longest: 4 })].join('|')).toBe(
      ' |a| | a|a | a | |빵|집| | 빵|빵집|집 | 빵집|빵집 | 빵집 ',
    )
    // Characters are counted, not halves of surrogate pairs.
    expect([...wordNgrams('𠮷野', { shortest: 2, longest: 2 })].join('|')).toBe(' 𠮷|𠮷野|野 ')
  })

  it("are weighted as scikit-learn's TfidfVectorizer weights them", () => {
    const found = weighted(reference.unseen)
    const expected = reference.weighted.map((row) => Object.values(row).sort((a, b) => a - b))
    lists(found).forEach((row, i) => {
      expect(row).toHaveLength(expected[i]?.length ?? -1)
      row.forEach((value, j) => {
        expect(value).toBeCloseTo(expected[i]?.[j] ?? Number.NaN, 12)
      })
    })
  })
})

describe('trainLinearSvc', () => {
  it("finds the decision values of scikit-learn's LinearSVC", () => {
    const hyperplanes = trainLinearSvc(weighted(reference.train), Int32Array.from(reference.labels), 3, {
      C: 0.5,
      tolerance: 1e-10,
      maxPasses: 100_000,
    })
    const unseen = weighted(reference.unseen)
    const scores = [...hyperplanes].map((hyperplane) =>
      reference.unseen.map((_, row) => decision(unseen, row, hyperplane)),
    )
    expect(scores).toHaveLength(3)
    for (const [label, values] of scores.entries()) {
      expect(values).toHaveLength(reference.scores.length)
      values.forEach((value, row) => {
        expect(value).toBeCloseTo(reference.scores[row]?.[label] ?? Number.NaN, 5)
      })
    }
  })
})
