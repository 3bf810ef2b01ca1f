import { ksic10 } from '@kic/classification/ksic'
import { parse } from 'csv-parse/sync'
import { expect, it } from 'vitest'
import { answersCsv } from '../answers/answers-csv.ts'
import { readVote, type Votes } from './read-vote.ts'

// Two rows. The levels of the second one contradict each other, as the published scheme allows.
const votes: Votes = {
  classification: ksic10,
  levels: [
    { name: 'division', labels: ['01', '95'] },
    { name: 'group', labels: ['011', '951', '952'] },
  ],
  vote: {
    levels: {
      division: { classes: [1, 0], confidence: [0.75, 0.5] },
      group: { classes: [2, 1], confidence: [0.5, 0.375] },
    },
    finest: { data: Float32Array.of(0.25, 0.25, 0.5, 0.25, 0.375, 0.375) },
  },
}

it('reads codes, names, candidates and the status', () => {
  const first = readVote(votes, 0, '수리', { topK: 2, reviewBelow: 0.5 })
  expect(first).toMatchObject({ status: 'coded', confidence: 0.5, text: '수리', truncated: false })
  expect(first.codes.division).toMatchObject({ code: '95', confidence: 0.75 })
  expect(first.codes.group?.name).toBe('자동차 및 모터사이클 수리업')
  expect(first.top.map(({ code, confidence }) => [code, confidence])).toEqual([
    ['952', 0.5],
    ['011', 0.25],
  ])
  expect(first.top[0]?.labels).toEqual({ section: 'S', division: '95', group: '952' })
  const second = readVote(votes, 1, '수리', { reviewBelow: 0.5 })
  expect(second).toMatchObject({ status: 'review', confidence: 0.375 })
  expect([second.codes.division?.code, second.codes.group?.code]).toEqual(['01', '951'])
})

it('has codes without names if the classification lacks them', () => {
  const odd: Votes = {
    classification: ksic10,
    levels: [{ name: 'kind', labels: ['x', 'y', 'z'] }],
    vote: { ...votes.vote, levels: { kind: { classes: [2], confidence: [0.5] } } },
  }
  const { codes, top } = readVote(odd, 0, 'a')
  expect(codes.kind).toEqual({ code: 'z', name: '', confidence: 0.5 })
  expect(top[0]).toEqual({ code: 'z', name: '', confidence: 0.5, labels: { kind: 'z' } })
})

it('is written as CSV without formulas', () => {
  const { header, row } = answersCsv(['division', 'group'])
  const lines = [
    { id: '=1+1', prediction: readVote(votes, 0, '-식당, "밥"') },
    { id: 'b', prediction: { status: 'unusable', text: '@', reason: 'no-letters' } as const },
  ]
  const [first, second] = parse(header + lines.map(row).join(''), { columns: true }) as Record<
    string,
    string
  >[]
  expect(first).toMatchObject({
    id: "'=1+1",
    status: 'coded',
    group: '952',
    group_confidence: '0.5000',
    alternatives: '952:0.5000 011:0.2500 951:0.2500',
    text: `'-식당, "밥"`,
  })
  expect(second).toMatchObject({ id: 'b', status: 'unusable', reason: 'no-letters', group: '', text: "'@" })
})
