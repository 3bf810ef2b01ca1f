import { expect, it } from 'vitest'
import { describeReport } from './describe-report.ts'

const report = {
  model: 'runs/topics',
  rows: 40,
  unusable: 1,
  levels: {
    desk: { rows: 40, accuracy: 0.95, macroF1: 0.9 },
    topic: { rows: 39, accuracy: 0.8, macroF1: 0.75 },
  },
  expectations: [],
  classes: [],
  confusions: [
    { actual: 'sport', predicted: 'politics', rows: 5 },
    { actual: 'science', predicted: 'sport', rows: 2 },
  ],
  baseline: {
    model: 'naive Bayes on n-grams',
    folder: 'baseline',
    scores: { rows: 39, accuracy: 0.7, macroF1: 0.6 },
    seconds: 1,
  },
}

it('shows scores by level, the baseline below them, and the most frequent confusions', () => {
  expect(describeReport(report)).toBe(
    `40 validation rows, 1 of them unusable and counted as wrong:
level                   accuracy  macro-F1  labelled rows
desk                    95.0 %    90.0 %    40
topic                   80.0 %    75.0 %    39
naive Bayes on n-grams  70.0 %    60.0 %    39

most frequent confusions:
sport    as  politics  5
science  as  sport     2
`,
  )
})

it('leaves out what there is not', () => {
  expect(describeReport({ ...report, unusable: 0, confusions: [], baseline: undefined })).toBe(
    '40 validation rows:\nlevel  accuracy  macro-F1  labelled rows\ndesk   95.0 %    90.0 %    40\ntopic  80.0 %    75.0 %    39\n',
  )
})

it('names the folder of a baseline that is better', () => {
  const baseline = { ...report.baseline, scores: { rows: 39, accuracy: 0.81, macroF1: 0.6 } }
  expect(describeReport({ ...report, baseline })).toContain(
    '39\nnaive Bayes on n-grams is more accurate than the network: it is saved in runs/topics/baseline\n',
  )
})
