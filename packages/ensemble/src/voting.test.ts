import type { Probabilities } from '@kic/scores'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hardVote } from './hard-vote.ts'
import { publishedScheme } from './published-scheme.ts'
import { softVote } from './soft-vote.ts'

const rows = (...data: number[][]): Probabilities => ({
  rows: data.length,
  classes: data[0]?.length ?? 0,
  data: Float32Array.from(data.flat()),
})

describe('softVote', () => {
  it('is the weighted mean', () => {
    const voted = softVote([rows([0.9, 0.1], [0.2, 0.8]), rows([0.4, 0.6], [0.5, 0.5])], { weights: [3, 1] })
    expect(Array.from(voted.data)).toEqual([0.775, 0.225, 0.275, 0.725].map((x) => expect.closeTo(x, 6)))
  })

  it('refuses members of different sizes, wrong weights and no members', () => {
    expect(() => softVote([])).toThrow(/at least one member/)
    expect(() => softVote([rows([1, 0]), rows([1, 0, 0])])).toThrow(/member 1 with 1 × 3/)
    expect(() => softVote([rows([1, 0])], { weights: [0] })).toThrow(/not all zero/)
    expect(() => softVote([rows([1, 0])], { weights: [1, 1] })).toThrow(/received \[1,1\]/)
  })
})

describe('hardVote', () => {
  it('elects the class with the most votes, and the earliest member decides ties', () => {
    const votes = [Int32Array.of(2, 0, 1), Int32Array.of(1, 0, 2), Int32Array.of(1, 3, 0)]
    expect(hardVote(votes)).toEqual(Int32Array.of(1, 0, 1))
  })

  it('never elects a class with fewer votes than another', () => {
    const ballots = fc.array(fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 6, maxLength: 6 }), {
      minLength: 1,
      maxLength: 9,
    })
    fc.assert(
      fc.property(ballots, (members) => {
        const elected = hardVote(members.map((m) => Int32Array.from(m)))
        elected.forEach((winner, row) => {
          const count = (label: number) => members.filter((m) => m[row] === label).length
          for (let label = 0; label < 5; label++) expect(count(winner)).toBeGreaterThanOrEqual(count(label))
        })
      }),
    )
  })
})

describe('publishedScheme', () => {
  // Groups 0 and 1 are in division 0 of section 0, group 2 in division 1 of section 0, group 3 in division 2 of section 1.
  const division = { name: 'division', labels: ['01', '02', '05'], ofClass: Int32Array.of(0, 0, 1, 2) }
  const section = { name: 'section', labels: ['A', 'B'], ofClass: Int32Array.of(0, 0, 0, 1) }

  it('votes softly on groups and hard on divisions, so levels may contradict each other', () => {
    const confident = rows([0, 0, 0, 1])
    const mild = rows([0.4, 0.1, 0.3, 0.2])
    const result = publishedScheme({
      groupMembers: [confident, mild, rows([0.1, 0.4, 0.3, 0.2])],
      divisionMembers: [],
      division,
      section,
    })
    expect(Array.from(result.group)).toEqual([3])
    expect(Array.from(result.section)).toEqual([1])
    expect(Array.from(result.division)).toEqual([0])
  })

  it('breaks a tie of divisions by the soft vote, and counts division members', () => {
    const groupMembers = [rows([0, 0, 0.55, 0.45]), rows([0, 0, 0, 1])]
    const tied = publishedScheme({ groupMembers, divisionMembers: [], division, section })
    expect(Array.from(tied.division)).toEqual([2])
    const settled = publishedScheme({
      groupMembers,
      divisionMembers: [rows([0, 1, 0])],
      division,
      section,
    })
    expect(Array.from(settled.division)).toEqual([1])
  })
})
