import { expect, it } from 'vitest'
import expected from '../__fixtures__/linear-models.json' with { type: 'json' }
import reference from '../__fixtures__/scikit-learn.json' with { type: 'json' }
import { learnVocabulary, ngramWeighting } from '../text/ngram-vocabulary.ts'
import { presence } from '../text/sparse-rows.ts'
import { decision, targetsOf } from './hyperplane.ts'
import { trainLogisticRegression } from './logistic-regression.ts'
import { logCountRatio, trainNbSvc } from './nb-svc.ts'

const vocabulary = learnVocabulary(reference.train, { shortest: 1, longest: 4 })
const weighted = ngramWeighting(vocabulary)
const [train, unseen] = [weighted(reference.train), weighted(reference.unseen)]
const labels = Int32Array.from(reference.labels)
const precise = { tolerance: 1e-10, maxPasses: 100_000 }

it.each([
  [
    'LogisticRegression',
    trainLogisticRegression(train, labels, 3, { ...precise, C: 2 }),
    unseen,
    expected.logisticRegression,
  ],
  [
    'LinearSVC on features times ratios',
    trainNbSvc(presence(train), labels, 3, { ...precise, C: 0.5 }),
    presence(unseen),
    expected.nbSvc,
  ],
] as const)("finds the decision values of scikit-learn's %s", (_, hyperplanes, rows, values) => {
  const scores = [...hyperplanes].map((hyperplane) =>
    reference.unseen.map((_, row) => decision(rows, row, hyperplane)),
  )
  expect(scores).toHaveLength(3)
  for (const [label, own] of scores.entries())
    for (const [row, value] of own.entries()) expect(value).toBeCloseTo(values[label]?.[row] ?? Number.NaN, 5)
})

it('finds the log-count ratios of a reference', () => {
  for (const [label, ratios] of expected.ratios.entries()) {
    const found = logCountRatio(train, targetsOf(labels, label))
    for (const [ngram, ratio] of Object.entries(ratios))
      expect(found[vocabulary.numbers.get(ngram) ?? -1]).toBeCloseTo(ratio, 12)
  }
})
