import { describe, expect, it } from 'vitest'
import { accuracy, classificationScores } from './classification-scores.ts'
import { confusionMatrix } from './confusion-matrix.ts'
import { hierarchicalScores, scoresPerLevel } from './hierarchy-scores.ts'
import { expectedCalibrationError, perplexity, topKAccuracy } from './ranking-scores.ts'
import { argMaxRows, softmaxRows } from './rows.ts'

// Numbers of scikit-learn 1.2.1 on the same input: precision_recall_fscore_support(zero_division=0), accuracy_score,
// confusion_matrix, top_k_accuracy_score. Class 3 is predicted but never actual.
const actual = [0, 1, 2, 2, 1, 0, 4, 4, 2, 1, 0, 2]
const predicted = [0, 2, 2, 1, 1, 0, 4, 2, 2, 3, 4, 2]

describe('as scikit-learn', () => {
  it('accuracy, precision, recall, F1', () => {
    const scores = classificationScores(predicted, actual)
    expect(scores.accuracy).toBeCloseTo(0.5833333333, 9)
    expect(accuracy(predicted, actual)).toBe(scores.accuracy)
    expect(scores.macroPrecision).toBeCloseTo(0.52, 9)
    expect(scores.macroRecall).toBeCloseTo(0.45, 9)
    expect(scores.macroF1).toBeCloseTo(0.4733333333, 9)
    expect(scores.microF1).toBeCloseTo(0.5833333333, 9)
    expect(scores.weightedF1).toBeCloseTo(0.6055555556, 9)
    const columns = [
      [1, 0.5, 0.6, 0, 0.5],
      [0.6666666667, 0.3333333333, 0.75, 0, 0.5],
      [0.8, 0.4, 0.6666666667, 0, 0.5],
      [3, 3, 4, 0, 2],
    ]
    for (const [i, { label, precision, recall, f1, support }] of scores.perClass.entries()) {
      expect(label).toBe(i)
      for (const [j, value] of [precision, recall, f1, support].entries()) {
        expect(value).toBeCloseTo(columns[j]?.[i] ?? Number.NaN, 9)
      }
    }
  })

  it('means only over classes that occur', () => {
    expect(classificationScores([7, 7, 900], [7, 7, 7]).perClass.map(({ label }) => label)).toEqual([7, 900])
  })

  it('confusion matrix', () => {
    expect([...confusionMatrix(predicted, actual, 5)]).toEqual([
      2, 0, 0, 0, 1, 0, 1, 1, 1, 0, 0, 1, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1,
    ])
    expect(() => confusionMatrix([5], [0], 5)).toThrow(/predicted class 5/)
  })

  it('top-k, ties included', () => {
    const scores = [0.5, 0.2, 0.2, 0.3, 0.4, 0.2, 0.2, 0.4, 0.3, 0.7, 0.2, 0.1, 0.1, 0.45, 0.45]
    expect(topKAccuracy(scores, 3, [0, 1, 2, 2, 1], 1)).toBeCloseTo(0.4, 9)
    expect(topKAccuracy(scores, 3, [0, 1, 2, 2, 1], 2)).toBeCloseTo(0.8, 9)
    expect(topKAccuracy(scores, 3, [0, 1, 2, 2, 1], 3)).toBe(1)
  })

  it('hierarchical scores: micro averages over indicator rows of node and ancestors', () => {
    const scores = hierarchicalScores([6, 6, 3, 5, 7], [5, 6, 7, 3, 4], [-1, -1, 0, 0, 1, 2, 2, 4])
    expect(scores.precision).toBeCloseTo(0.5714285714, 9)
    expect(scores.recall).toBeCloseTo(0.6153846154, 9)
    expect(scores.f1).toBeCloseTo(0.5925925926, 9)
    expect(() => hierarchicalScores([9], [0], [-1])).toThrow(/node 9 does not exist/)
    expect(() => hierarchicalScores([0], [0], [1, 0])).toThrow(/own ancestor/)
  })
})

it('scores each level by the parents of classes', () => {
  const [groups, divisions, sections] = scoresPerLevel(
    [0, 1, 3, 4],
    [0, 0, 2, 2],
    [
      [0, 0, 1, 1, 2],
      [0, 1, 1],
    ],
  )
  expect([groups, divisions, sections].map((level) => level?.accuracy)).toEqual([0.25, 0.75, 1])
  expect(() => scoresPerLevel([5], [0], [[0]])).toThrow(/class 5 of level 0 has no parent/)
})

it('calibration error as numpy computes it over the same bins', () => {
  const probabilities = [
    [0.62, 0.2, 0.18],
    [0.33, 0.34, 0.33],
    [0.05, 0.05, 0.9],
    [0.07, 0.9, 0.03],
    [0.5, 0.3, 0.2],
    [0.25, 0.65, 0.1],
    [0.1, 0.15, 0.75],
    [0.45, 0.35, 0.2],
  ].flat()
  const labels = [0, 2, 2, 1, 1, 1, 0, 0]
  expect(expectedCalibrationError(probabilities, 3, labels, 10)).toBeCloseTo(0.25875, 9)
  expect(expectedCalibrationError(probabilities, 3, labels)).toBeCloseTo(0.38375, 9)
})

it('softmax, arg max and perplexity of rows', () => {
  const rows = softmaxRows([1000, 1000, 0, Math.log(3)], 2)
  for (const [i, p] of [0.5, 0.5, 0.25, 0.75].entries()) expect(rows[i]).toBeCloseTo(p, 6)
  expect([...argMaxRows([1, 1, 0, 2], 2)]).toEqual([0, 1])
  expect(perplexity(Math.log(20))).toBeCloseTo(20, 9)
  expect(() => softmaxRows([1, 2, 3], 2)).toThrow(/\[N, C\]/)
  expect(() => accuracy([1], [])).toThrow(/1 predictions for 0 labels/)
})
