import { argMaxRows } from '@kic/scores'
import { expect, it } from 'vitest'
import { countBuckets, NAIVE_BAYES_FEATURES, naiveBayes } from './naive-bayes.ts'

const TEXTS = ['커피 판매', '카페에서 커피', '커피전문점', '자동차 수리', '타이어 교환']
const LABELS = Int32Array.of(0, 0, 0, 1, 1)
const trained = naiveBayes(countBuckets(TEXTS, LABELS, 2))

it('learns which characters belong to which class', () => {
  const scores = trained.scores(['원두커피', '자동차타이어'])
  expect(argMaxRows(scores, 2)).toEqual(Int32Array.of(0, 1))
})

it('gives the log-probabilities of its definition: smoothed counts, their sums, and how frequent classes are', () => {
  const ngrams = (text: string): string[] => {
    const marked = `^${text.replaceAll(' ', '')}$`
    return [1, 2, 3].flatMap((n) =>
      Array.from({ length: Math.max(0, marked.length - n + 1) }, (_, i) => marked.slice(i, i + n)),
    )
  }
  const logProbability = (text: string, label: number): number => {
    const texts = TEXTS.filter((_, i) => LABELS[i] === label)
    const seen = texts.flatMap(ngrams)
    const prior = Math.log((texts.length + 1) / (TEXTS.length + 2))
    return ngrams(text).reduce((sum, ngram) => {
      const count = seen.filter((other) => other === ngram).length
      return sum + Math.log((count + 0.05) / (seen.length + 0.05 * NAIVE_BAYES_FEATURES))
    }, prior)
  }
  const unseen = ['원두커피', '타이어 수리', '판매', '']
  const scores = trained.scores(unseen)
  for (const [row, text] of unseen.entries()) {
    const expected = [logProbability(text, 0), logProbability(text, 1)]
    const most = Math.max(...expected)
    expected.forEach((score, c) => {
      expect(scores[2 * row + c]).toBeCloseTo(score - most, 4)
    })
  }
})
