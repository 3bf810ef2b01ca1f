import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { markCharacters, markedParts } from './marks.ts'

const weighted = (...weights: readonly (readonly [string, number, number])[]) =>
  weights.map(([character, first, second]) => ({ character, first, second }))

/** Explained by the bundled model: 컴퓨터 수리 판매. */
const COMPUTER = weighted(
  ['컴', 3.79, 1.03],
  ['퓨', 1.37, -0.02],
  ['터', -0.47, 1.64],
  [' ', 0, 0],
  ['수', 0.13, 2.79],
  ['리', -1.33, 2.99],
  [' ', 0, 0],
  ['판', 1.78, -0.75],
  ['매', 2.68, -1.38],
)

describe('markCharacters', () => {
  it('marks evidence for each answer by its share of the largest', () => {
    const marks = markCharacters(COMPUTER).map((one) => one.marks)
    expect(marks.map(({ first }) => first)).toEqual([3, 2, 0, 0, 0, 0, 0, 2, 3])
    expect(marks.map(({ second }) => second)).toEqual([2, 0, 2, 0, 3, 3, 0, 0, 0])
  })

  it('marks nothing where no character counts', () => {
    const marked = markCharacters(weighted(['가', 0.04, -3], ['나', -0.2, 0]))
    expect(marked.map((one) => one.marks)).toEqual([
      { first: 0, second: 0 },
      { first: 0, second: 0 },
    ])
    expect(markCharacters([])).toEqual([])
  })

  it('gives a larger weight no thinner a line, and never marks evidence against an answer', () => {
    const weight = fc.double({ min: -10, max: 10, noNaN: true })
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constant('가'), weight, weight)), (weights) => {
        const marked = markCharacters(weighted(...weights))
        for (const side of ['first', 'second'] as const) {
          const strengths = marked.toSorted((a, b) => a[side] - b[side]).map(({ marks }) => marks[side])
          expect(strengths).toEqual(strengths.toSorted((a, b) => a - b))
          expect(marked.every((one) => one[side] > 0 || one.marks[side] === 0)).toBe(true)
          const most = Math.max(...marked.map((one) => one[side]))
          if (most >= 0.05) expect(Math.max(...strengths)).toBe(3)
        }
      }),
    )
  })
})

describe('markedParts', () => {
  it('joins neighbours, and begins with the part of most evidence', () => {
    const marked = markCharacters(COMPUTER)
    expect(markedParts(marked, 'first')).toEqual(['컴퓨', '판매'])
    expect(markedParts(marked, 'second')).toEqual(['수리', '터', '컴'])
  })
})
