import { expect, it } from 'vitest'
import { augmentRows } from './augment-rows.ts'
import { evaluationRows } from './evaluation/rows.ts'
import { answerToRow } from './generator/answer-to-row.ts'

const rows = evaluationRows.slice(0, 20).map((answer, i) => answerToRow(answer, i))

it('appends changed copies, which differ each time', () => {
  const augmented = augmentRows(rows, { copies: 2, seed: 1, splitWords: 1 })
  expect(augmented).toHaveLength(60)
  expect(augmented.slice(0, 20)).toEqual(rows)
  const [first, second] = [augmented.slice(20, 40), augmented.slice(40)]
  expect(first.map(({ labels }) => labels)).toEqual(rows.map(({ labels }) => labels))
  expect(first.map(({ text }) => text)).not.toEqual(rows.map(({ text }) => text))
  expect(second.map(({ text }) => text)).not.toEqual(first.map(({ text }) => text))
  expect(augmentRows(rows, { copies: 2, seed: 1, splitWords: 1 })).toEqual(augmented)
  expect(augmentRows(rows, { copies: 0, seed: 1 })).toEqual(rows)
})
