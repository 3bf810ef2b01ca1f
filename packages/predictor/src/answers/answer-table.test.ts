import { describe, expect, it } from 'vitest'
import type { AnswerRow } from './answer-row.ts'
import { answerTable } from './answer-table.ts'
import { answersCsv } from './answers-csv.ts'

const coded: AnswerRow = {
  id: '007',
  line: 2,
  others: { 조구: '가', status: 'old' },
  prediction: {
    status: 'coded',
    text: '쌀',
    codes: { group: { code: '011', name: '작물 재배업', confidence: 0.5 } },
    confidence: 0.5,
    top: [],
    truncated: false,
  },
}
const empty: AnswerRow = {
  id: '008',
  line: 3,
  others: { 조구: '=1+1' },
  reject: { line: 3, reason: 'empty-text', message: 'every row needs a text', excerpt: '008,,=1+1' },
}

describe('answerTable', () => {
  it('passes columns of the input through for every row', () => {
    const { columns, cells } = answerTable(['group'], ['조구', 'status'])
    expect(columns).toEqual([
      ...['id', 'line', 'status', 'reason', 'group', 'group_name', 'group_confidence'],
      ...['alternatives', 'text', '조구', 'status (input)'],
    ])
    expect(cells(coded)).toEqual([
      ...['007', 2, 'coded', '', '011', '작물 재배업', 0.5, '', '쌀'],
      ...['가', 'old'],
    ])
    expect(cells(empty)).toEqual([
      '008',
      3,
      ...['unusable', 'empty-text', '', '', '', '', ''],
      ...['=1+1', ''],
    ])
  })

  it('has no text for an unreadable row, because a raw row would be coded when answers are read back', () => {
    const { columns, cells } = answerTable(['group'])
    const reject = {
      line: 4,
      reason: 'malformed-quotes',
      message: 'quotes',
      excerpt: '009,"쌀" 판매',
    } as const
    const written = cells({ id: '009', line: 4, reject })
    expect(Object.fromEntries(columns.map((name, i) => [name, written[i]]))).toMatchObject({
      ...{ id: '009', line: 4, status: 'unusable', reason: 'malformed-quotes', text: '' },
    })
  })

  it('gives every column its own name', () => {
    const { columns } = answerTable(['group'], ['text', 'text (input)', 'text'])
    expect(columns.slice(-3)).toEqual(['text (input)', 'text (input) (input)', 'text (input 2)'])
    expect(new Set(columns).size).toBe(columns.length)
  })
})

it('has columns for sets and novelty on request', () => {
  const { columns, cells } = answerTable(['division', 'group'], ['조구'], { sets: true, novelty: true })
  expect(columns.slice(-7)).toEqual([
    ...['alternatives', 'division_set', 'group_set', 'novelty', 'novel', 'text', '조구'],
  ])
  if (!('prediction' in coded) || coded.prediction.status === 'unusable') throw new Error('coded')
  const own = { code: '011', name: '작물 재배업', confidence: 0.5 }
  const guaranteed: AnswerRow = {
    ...coded,
    prediction: {
      ...coded.prediction,
      sets: { division: [{ ...own, code: '01' }], group: [own, { ...own, code: '012', confidence: 0.25 }] },
      novelty: { pValue: 0.00321, novel: true },
    },
  }
  expect(cells(guaranteed).slice(-6)).toEqual([
    ...['01:0.5000', '011:0.5000 012:0.2500', 0.0032, 'yes', '쌀', '가'],
  ])
  expect(cells(empty)).toHaveLength(columns.length)
  expect(cells(coded).slice(-6)).toEqual(['', '', '', '', '쌀', '가'])
  const csv = answersCsv(['group'], [], { sets: true, novelty: true })
  expect(csv.row(guaranteed)).toContain(',011:0.5000 012:0.2500,0.0032,yes,쌀')
})

it('writes confidences with four digits, and no formulas', () => {
  const csv = answersCsv(['group'], ['조구'])
  expect(csv.row(coded)).toBe('007,2,coded,,011,작물 재배업,0.5000,,쌀,가\r\n')
  expect(csv.row(empty)).toBe("008,3,unusable,empty-text,,,,,,'=1+1\r\n")
})
