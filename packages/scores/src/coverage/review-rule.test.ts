import { createClassification } from '@kic/classification'
import { expect, it } from 'vitest'
import type { JudgedAnswers } from '../errors/judged-answers.ts'
import { judgeRows } from './judge-rows.ts'
import { reviewRule } from './review-rule.ts'

const classification = createClassification('two levels', [
  {
    name: 'section',
    nodes: [
      { code: 'A', name: 'farms' },
      { code: 'B', name: 'mines' },
    ],
  },
  {
    name: 'group',
    nodes: [
      { code: '01', name: 'rice', parent: 'A' },
      { code: '02', name: 'fruit', parent: 'A' },
      { code: '05', name: 'coal', parent: 'B' },
    ],
  },
])

const ROWS = 5000
/** Every other row by turns. */
const alternating = (even: number, odd: number): Int32Array =>
  Int32Array.from({ length: ROWS }, (_, row) => (row % 2 === 0 ? even : odd))
const zeros = new Int32Array(ROWS)
// A sure right answer and an unsure wrong one, by turns.
const answers: JudgedAnswers = {
  classification,
  predicted: { section: alternating(0, 1), group: alternating(0, 2) },
  actual: { section: zeros, group: zeros },
}
const probabilities = Float32Array.from(
  Array.from(zeros.keys()).flatMap((row) => (row % 2 === 0 ? [0.875, 0.0625, 0.0625] : [0.25, 0.25, 0.5])),
)

it('says of each row how sure the answer is, and where it is right', () => {
  expect(judgeRows(answers, probabilities, 3).slice(0, 2)).toEqual([
    { confidence: 0.875, correct: { section: true, group: true } },
    { confidence: 0.5, correct: { section: false, group: false } },
  ])
  const unlabelled = { ...answers, actual: { section: zeros, group: alternating(0, -1) } }
  expect(judgeRows(unlabelled, probabilities, 3)[1]?.correct).toEqual({ section: false, group: undefined })
})

it('marks for review from the threshold that validation rows ask for, and says what to expect elsewhere', () => {
  const judged = judgeRows(answers, probabilities, 3)
  const rule = reviewRule(['section', 'group'], judged, judged.slice(0, 3))
  expect(rule).toMatchObject({ target: 0.95, level: 'group', below: 0.51 })
  expect(rule.validation).toMatchObject({ automatic: 0.5, rows: 2500, accuracy: { group: { accuracy: 1 } } })
  expect(rule.test?.automatic).toBeCloseTo(2 / 3)
  const hopeless = judged.map((one) => ({ ...one, correct: { section: false, group: false } }))
  expect(reviewRule(['section', 'group'], hopeless, judged)).toEqual({
    target: 0.95,
    level: 'group',
    below: null,
  })
})
