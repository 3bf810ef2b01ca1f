import { expect, it } from 'vitest'
import reference from '../__fixtures__/scikit-learn.json' with { type: 'json' }
import { lessonOf } from './ngram-lesson.ts'
import { trainNgramModel } from './train-ngram-model.ts'

const NAMES = ['a', 'b', 'c']
const rows = reference.train.map((text, i) => ({ text, label: NAMES[reference.labels[i] ?? -1] ?? '' }))
const svc = trainNgramModel(rows, { model: 'linear-svc', seed: 1 })
const bayes = trainNgramModel(rows, { model: 'naive-bayes' })
const nearest = trainNgramModel(rows, { model: 'nearest' })

it.each([svc, bayes, nearest])(
  '$settings.model scores a text the same whatever else is scored',
  ({ scores }) => {
    const all = scores(reference.unseen)
    expect(all).toHaveLength(3 * reference.unseen.length)
    const apart = reference.unseen.flatMap((text) => [...scores([text])])
    expect(apart).toEqual([...all])
    expect(scores([])).toHaveLength(0)
  },
)

it("scores as scikit-learn's LinearSVC does, and names the class of the highest score", () => {
  const scores = svc.scores(reference.unseen)
  // To LIBLINEAR's tolerance; linear-svc.test.ts compares to five digits.
  reference.scores.flat().forEach((score, i) => {
    expect(Math.abs((scores[i] ?? Number.NaN) - score)).toBeLessThan(0.1)
  })
  expect(svc.predict(reference.unseen)).toEqual(
    reference.scores.map((row) => NAMES[row.indexOf(Math.max(...row))]),
  )
})

it('has a column for each class that is given, in that order', () => {
  const labels = ['c', 'unseen', 'b', 'a']
  const scores = trainNgramModel(rows, { model: 'naive-bayes', labels }).scores(['x'])
  expect(scores).toHaveLength(4)
  expect(lessonOf(rows, labels).numbers[0]).toBe(labels.indexOf(rows[0]?.label ?? ''))
  expect(lessonOf(rows).labels).toEqual(NAMES)
})

it('counts parameters and classes', () => {
  const done: number[] = []
  const { parameters, settings } = trainNgramModel(rows, {
    model: 'linear-svc',
    longest: 1,
    onClass: (count) => done.push(count),
  })
  const letters = new Set(reference.train.join(' ').toLowerCase())
  expect(parameters).toBe(3 * (letters.size + 1))
  expect(done).toEqual([1, 2, 3])
  expect(settings).toEqual({
    model: 'linear-svc',
    labels: NAMES,
    shortest: 1,
    words: 'apart',
    longest: 1,
    C: 0.5,
    tolerance: 0.1,
    maxPasses: 200,
    seed: 0,
  })
  expect(bayes.parameters % 3).toBe(0)
})

it('refuses what nothing can be learned from', () => {
  const train = (given: typeof rows, options = {}) =>
    trainNgramModel(given, { model: 'naive-bayes', ...options })
  expect(() => train([])).toThrow(expect.objectContaining({ code: 'ngram/rows' }))
  expect(() => train(rows.filter(({ label }) => label === 'a'))).toThrow(
    expect.objectContaining({ code: 'ngram/labels', message: expect.stringContaining('received a.') }),
  )
  expect(() => train(rows, { labels: ['a', 'b', 'b', 'c'] })).toThrow(
    expect.objectContaining({ code: 'ngram/labels' }),
  )
  expect(() => train(rows, { labels: ['a', 'b'] })).toThrow(/received "c" in row/)
  for (const options of [{ C: 0 }, { shortest: 3, longest: 2 }, { longest: 2.5 }, { n: 3 }]) {
    expect(() => trainNgramModel(rows, { model: 'linear-svc', ...options })).toThrow(
      expect.objectContaining({ code: 'ngram/options' }),
    )
  }
})
