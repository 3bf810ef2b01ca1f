import { codeIndex, codesOf } from '@kic/classification'
import { ksic10Occurring } from '@kic/classification/ksic'
import { expect, it } from 'vitest'
import type { Task } from '../load-task.ts'
import type { SystemScores } from '../system-scores.ts'
import { memberPredictions } from '../systems.ts'
import { CHOSEN } from '../verdict.ts'
import type { Vote } from '../vote.ts'
import { reportOfRun } from './report-of-run.ts'

const [RIGHT, WRONG] = ['561', '011']
const classes = codesOf(ksic10Occurring, 'group').length

const task: Task = {
  classification: ksic10Occurring,
  train: [],
  generated: [],
  validation: [],
  test: [{ line: 1, id: '1', text: '식당', labels: { section: 'I', division: '56', group: RIGHT } }],
  testName: 'rows',
  submit: [],
  unlabelled: [],
  notes: [],
}

/** A vote for the group with confidence 1. */
const saying = (group: string): Vote => {
  const data = new Float32Array(classes)
  data[codeIndex(ksic10Occurring, 'group', group)] = 1
  const groupProbabilities = { rows: 1, classes, data }
  return { predictions: memberPredictions(ksic10Occurring, 'group', groupProbabilities), groupProbabilities }
}

const scores = (system: string, accuracy: number): SystemScores => ({
  system,
  levels: { group: { accuracy, macroF1: accuracy } },
})

const run = {
  preset: 'quick',
  seed: 1,
  task,
  members: [],
  techniques: [],
  systems: [
    scores('network', 0.7),
    scores('n-grams', 0.8),
    scores('ensemble', 0.75),
    scores(CHOSEN, 0.9),
    scores('reference: naive Bayes', 0.6),
    scores('majority class', 0.1),
  ],
  vote: saying(WRONG),
  voting: ['network'],
}

it('reports the answers for use first, and compares them with every member', () => {
  const review = { target: 0.95, level: 'group', below: null }
  const report = reportOfRun({ ...run, use: { system: CHOSEN, vote: saying(RIGHT), review } })
  const names = report.systems.map(({ name }) => name)
  expect(names).toEqual([
    CHOSEN,
    'ensemble',
    'best member, n-grams',
    'reference: naive Bayes',
    'majority class',
  ])
  expect(report.verdict).toMatch(/^At group level the chosen ensemble beats its best single member by 10.00/)
  expect(report.worst).toEqual([])
  expect(report.reliability.expectedCalibrationError).toBe(0)
  expect([report.codedBy, report.review]).toEqual([CHOSEN, review])
})

it('reports the published vote and its members if there are no answers for use', () => {
  const report = reportOfRun(run)
  const names = report.systems.map(({ name }) => name)
  expect(names).toEqual(['ensemble', 'best member, network', 'reference: naive Bayes', 'majority class'])
  expect(report.worst.map(({ predicted }) => predicted.code)).toEqual([WRONG])
  expect(report.codedBy).toBe('ensemble')
})
