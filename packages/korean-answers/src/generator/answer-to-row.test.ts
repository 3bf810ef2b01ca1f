import { expect, it } from 'vitest'
import { answerToRow } from './answer-to-row.ts'

it('joins the fields and completes the labels', () => {
  expect(answerToRow({ group: '011', object: '논에서', method: '', deal: '벼재배' }, 0)).toEqual({
    id: 'id_0000001',
    line: 2,
    text: '논에서 벼재배',
    fields: { object: '논에서', method: '', deal: '벼재배' },
    labels: { section: 'A', division: '01', group: '011' },
  })
  expect(answerToRow({ group: '011', object: '논', method: '', deal: '' }, 41, 'mine').id).toBe('mine')
})

it('refuses a group that does not occur', () => {
  expect(() => answerToRow({ group: '990', object: '대사관', method: '', deal: '' }, 0)).toThrow(/990/)
})
