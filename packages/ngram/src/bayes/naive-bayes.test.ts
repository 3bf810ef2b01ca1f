import { argMaxRows } from '@kic/scores'
import { expect, it } from 'vitest'
import expected from '../__fixtures__/naive-bayes.json' with { type: 'json' }
import reference from '../__fixtures__/scikit-learn.json' with { type: 'json' }
import { trainNgramModel } from '../model/train-ngram-model.ts'
import { countByClass } from './class-counts.ts'

it("gives the log-probabilities of scikit-learn's MultinomialNB", () => {
  const rows = reference.train.map((text, i) => ({ text, label: String(reference.labels[i]) }))
  const model = trainNgramModel(rows, { model: 'naive-bayes', words: 'apart', smoothing: 0.02 })
  const scores = model.scores(reference.unseen)
  for (const [row, logs] of expected.entries()) {
    const most = Math.max(...logs)
    // scikit-learn's are normalised; these are less their largest.
    for (const [c, log] of logs.entries()) expect(scores[logs.length * row + c]).toBeCloseTo(log - most, 3)
  }
})

it('learns which characters belong to which class, however they are spaced', () => {
  const rows = [
    ['커피 판매', 'coffee'],
    ['카페에서 커피', 'coffee'],
    ['커피전문점', 'coffee'],
    ['자동차 수리', 'cars'],
    ['타이어 교환', 'cars'],
  ].map(([text = '', label = '']) => ({ text, label }))
  const { scores, predict } = trainNgramModel(rows, { model: 'naive-bayes' })
  expect(predict(['원두커피', '자동차타이어'])).toEqual(['coffee', 'cars'])
  expect(scores(['자 동 차, 타이어'])).toEqual(scores(['자동차타이어']))
  expect(argMaxRows(scores(['']), 2)).toEqual(Int32Array.of(1))
})

it('knows the classes’ shares alone where no text has an n-gram', () => {
  const rows = ['', '!', '?'].map((text, i) => ({ text, label: i === 0 ? 'rare' : 'usual' }))
  const { scores, predict } = trainNgramModel(rows, { model: 'naive-bayes' })
  expect(predict(['', '커피'])).toEqual(['usual', 'usual'])
  expect(Array.from(scores(['커피']), (score) => Number(score.toFixed(4)))).toEqual([-0.4055, 0])
})

it('counts the texts of each pair of n-gram and class', () => {
  const rows = {
    rows: 4,
    features: 3,
    offsets: Uint32Array.of(0, 2, 3, 5, 5),
    indices: Uint32Array.of(0, 2, 2, 0, 2),
    values: new Float64Array(5).fill(1),
  }
  expect(countByClass(rows, Int32Array.of(1, 0, 1, 0), 2)).toEqual({
    texts: Int32Array.of(2, 2),
    pairs: Int32Array.of(1, 4, 5),
    counts: Int32Array.of(2, 1, 2),
  })
  expect(() => countByClass({ ...rows, features: 2 ** 30 }, Int32Array.of(0, 0, 0, 0), 4)).toThrow(
    expect.objectContaining({ code: 'ngram/labels' }),
  )
})
