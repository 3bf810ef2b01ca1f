import { readFileSync } from 'node:fs'
import { ancestorLevels } from '@kic/classification'
import { describe, expect, it } from 'vitest'
import { expectedCalibrationError } from '../calibration/expected-calibration-error.ts'
import { argMaxRows } from '../probabilities/arg-max.ts'
import { softmaxRows } from '../probabilities/softmax.ts'
import { accuracy, classificationScores } from './classification-scores.ts'
import { confusionMatrix } from './confusion-matrix.ts'
import { hierarchicalScores } from './hierarchical-scores.ts'
import { perplexity } from './perplexity.ts'
import { scoresPerLevel } from './scores-per-level.ts'
import { topKAccuracy } from './top-k-accuracy.ts'

interface Case {
  readonly classes: number
  readonly actual: readonly number[]
  /** [N, C] */
  readonly logits: readonly number[]
  readonly predicted: readonly number[]
  readonly scores: {
    readonly accuracy: number
    readonly macro: readonly number[]
    readonly micro: readonly number[]
    readonly weighted: readonly number[]
    readonly perClass: readonly (readonly number[])[]
  }
  readonly confusion: readonly number[]
  readonly topK: Readonly<Record<string, number>>
  readonly calibration: Readonly<Record<string, number>>
  readonly logLoss: number
  readonly parents: readonly number[]
  readonly hierarchical: readonly number[]
}
const path = new URL('./__fixtures__/sklearn-scores.json', import.meta.url)
const { cases }: { cases: readonly Case[] } = JSON.parse(readFileSync(path, 'utf8'))

describe.each(cases)('as scikit-learn, $classes classes', (reference) => {
  const { actual, classes, logits } = reference
  const predicted = argMaxRows(logits, classes)
  const close = (values: readonly number[], expected: readonly number[]) =>
    expect(values).toEqual(expected.map((value) => expect.closeTo(value, 9)))

  it('accuracy, precision, recall, F1: macro, micro, weighted, per class', () => {
    const { accuracy: share, macro, micro, weighted, perClass } = reference.scores
    expect([...predicted]).toEqual(reference.predicted)
    const scores = classificationScores(predicted, actual)
    close([scores.macroPrecision, scores.macroRecall, scores.macroF1], macro)
    close([scores.accuracy, scores.microF1, scores.weightedF1], [share, micro[2] ?? 0, weighted[2] ?? 0])
    expect(accuracy(predicted, actual)).toBe(scores.accuracy)
    for (const [i, key] of (['precision', 'recall', 'f1', 'support'] as const).entries()) {
      close(
        scores.perClass.map((of) => of[key]),
        perClass[i] ?? [],
      )
    }
  })

  it('confusion matrix', () => {
    expect([...confusionMatrix(predicted, actual, classes)]).toEqual(reference.confusion)
    expect(() => confusionMatrix([classes], [0], classes)).toThrow(/predicted class/)
  })

  it('top-k accuracy, ties included', () => {
    for (const [k, share] of Object.entries(reference.topK)) {
      expect(topKAccuracy(logits, classes, actual, Number(k))).toBeCloseTo(share, 9)
    }
  })

  it('calibration error, by its calibration curve of the predicted classes', () => {
    for (const [bins, error] of Object.entries(reference.calibration)) {
      const probabilities = softmaxRows(logits, classes)
      expect(expectedCalibrationError(probabilities, classes, actual, Number(bins))).toBeCloseTo(error, 6)
    }
  })

  it('perplexity, by its log loss', () => {
    const probabilities = softmaxRows(logits, classes)
    const losses = actual.map((label, row) => -Math.log(probabilities[row * classes + label] ?? 0))
    const mean = losses.reduce((a, b) => a + b, 0) / losses.length
    expect(perplexity(mean) / Math.exp(reference.logLoss)).toBeCloseTo(1, 5)
  })

  it('hierarchical scores, as micro averages over indicators of a node and its ancestors', () => {
    const { precision, recall, f1 } = hierarchicalScores(predicted, actual, reference.parents)
    close([precision, recall, f1], reference.hierarchical)
  })
})

it('means only over classes that occur', () => {
  expect(classificationScores([7, 7, 900], [7, 7, 7]).perClass.map(({ label }) => label)).toEqual([7, 900])
})

it('of equal scores the later class is ahead, as in scikit-learn', () => {
  // top_k_accuracy_score([0, 1, 2, 2, 1], scores, k=…) of scikit-learn 1.2.1: 0.4, 0.8, 1
  const scores = [0.5, 0.2, 0.2, 0.3, 0.4, 0.2, 0.2, 0.4, 0.3, 0.7, 0.2, 0.1, 0.1, 0.45, 0.45]
  const shares = [1, 2, 3].map((k) => topKAccuracy(scores, 3, [0, 1, 2, 2, 1], k))
  expect(shares).toEqual([0.4, 0.8, 1])
})

it('hierarchical scores refuse nodes that there are not, and circles', () => {
  expect(() => hierarchicalScores([9], [0], [-1])).toThrow(/node 9 does not exist/)
  expect(() => hierarchicalScores([0], [0], [1, 0])).toThrow(/own ancestor/)
})

it('scores each level by the ancestors of classes', () => {
  const levels = ancestorLevels([
    { name: 'section', labels: ['A', 'B'] },
    { name: 'division', labels: ['01', '02', '05'], parents: [0, 1, 1] },
    { name: 'group', labels: ['011', '012', '021', '022', '051'], parents: [0, 0, 1, 1, 2] },
  ])
  const scores = scoresPerLevel([0, 1, 3, 4], [0, 0, 2, 2], levels)
  expect(scores.map(({ accuracy }) => accuracy)).toEqual([1, 0.75, 0.25])
  expect(() => scoresPerLevel([5], [0], levels)).toThrow(/received class 5 of 5/)
})

it('perplexity is e to the mean loss', () => {
  expect(perplexity(Math.log(20))).toBeCloseTo(20, 9)
})

it('refuses what fits no label, by code', () => {
  const code = (code: string) =>
    expect.objectContaining({ code, message: expect.stringMatching(/received .*\. .*\.$/) })
  expect(() => accuracy([1], [])).toThrow(/1 predictions for 0 labels/)
  expect(() => accuracy([], [])).toThrow(code('scores/shape'))
  expect(() => topKAccuracy([1, 2, 3], 2, [0], 1)).toThrow(code('scores/shape'))
  expect(() => confusionMatrix([0], [-1], 2)).toThrow(code('scores/labels'))
  expect(() => hierarchicalScores([9], [0], [-1])).toThrow(code('scores/labels'))
  expect(() =>
    scoresPerLevel([5], [0], [{ name: 'area', labels: ['a'], ofClass: Int32Array.of(0) }]),
  ).toThrow(code('scores/labels'))
})
