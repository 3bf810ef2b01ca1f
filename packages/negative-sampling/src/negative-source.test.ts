import { createRandom } from '@kic/core'
import { expect, it } from 'vitest'
import { type NegativeSource, negativeSource } from './negative-source.ts'

/** Class 0 is never missed. Class 1 is missed half the time, three times as often for 2 as for 0. Class 2 is missed in a tenth, for 0. */
const matrix = [20, 0, 0, 2, 8, 6, 1, 0, 9]
const labels = [0, 1, 1, 2, 2, 2, 2, 2, 2, 2]
const DRAWS = 40_000

/** The share of each "class of the row > label" in the draws. */
const shares = (source: NegativeSource): Record<string, number> => {
  const draw = negativeSource(source, labels, 3)
  const random = createRandom('shares')
  const counts: Record<string, number> = {}
  for (let i = 0; i < DRAWS; i++) {
    const { row, label } = draw(random)
    const key = `${labels[row]}>${label}`
    counts[key] = (counts[key] ?? 0) + 1
  }
  return Object.fromEntries(Object.entries(counts).map(([key, count]) => [key, count / DRAWS]))
}
const expectShares = (actual: Record<string, number>, expected: Record<string, number>): void => {
  expect(Object.keys(actual).sort()).toEqual(Object.keys(expected).sort())
  for (const [key, share] of Object.entries(expected)) {
    const margin = 5 * Math.sqrt((share * (1 - share)) / DRAWS)
    expect(Math.abs((actual[key] ?? 0) - share), key).toBeLessThan(margin)
  }
}

/** Row weights: 2 rows of class 1 at 8/16, 7 of class 2 at 1/10: 1 and 0.7. */
const confused = { '1>2': (1 / 1.7) * 0.75, '1>0': (1 / 1.7) * 0.25, '2>0': 0.7 / 1.7 }
const uniform = { '0>1': 0.05, '0>2': 0.05, '1>0': 0.1, '1>2': 0.1, '2>0': 0.35, '2>1': 0.35 }

it('draws rows of often missed classes, with the classes that they were confused with', () => {
  expectShares(shares({ kind: 'confusion', matrix }), confused)
})

it('draws every row and every wrong class with equal probability at random', () => {
  expectShares(shares({ kind: 'random' }), uniform)
})

it('mixes both in the given share', () => {
  const mixed = (share: number): Record<string, number> =>
    Object.fromEntries(
      Object.entries(uniform).map(([key, p]) => [
        key,
        (1 - share) * p + share * (Object.entries(confused).find(([k]) => k === key)?.[1] ?? 0),
      ]),
    )
  expectShares(shares({ kind: 'mixed', matrix, share: 0.8 }), mixed(0.8))
  expectShares(shares({ kind: 'mixed', matrix }), mixed(0.5))
})

it('refuses matrices of the wrong size or content, labels without a class, and matrices without misses', () => {
  const refusal = (source: NegativeSource, of: readonly number[] = labels): string => {
    try {
      negativeSource(source, of, 3)
    } catch (error) {
      return `${(error as { code: string }).code} ${(error as Error).message}`
    }
    return 'accepted'
  }
  expect(refusal({ kind: 'confusion', matrix: [1, 2, 3, 4] })).toMatch(
    /^negative-sampling\/confusion-matrix .*3 × 3 = 9 entries, received 4/,
  )
  expect(refusal({ kind: 'mixed', matrix: [1, 2, 3, 4, -1, 0, 0, 0, 1] })).toMatch(
    /^negative-sampling\/confusion-matrix .*received -1 .*\[1, 1\]/,
  )
  expect(refusal({ kind: 'confusion', matrix: [1, 0, 0, 0, 1, 0, 0, 0, 1] })).toMatch(
    /^negative-sampling\/no-confusions/,
  )
  expect(refusal({ kind: 'confusion', matrix: [1, 1, 0, 0, 1, 0, 0, 0, 1] }, [1, 2])).toMatch(
    /^negative-sampling\/no-confusions/,
  )
  expect(refusal({ kind: 'mixed', matrix, share: 1.5 })).toMatch(/^negative-sampling\/share/)
  expect(refusal({ kind: 'random' }, [0, 3])).toMatch(/^negative-sampling\/label .*received 3 for row 1/)
  expect(refusal({ kind: 'random' }, [])).toMatch(/^negative-sampling\/label/)
})
