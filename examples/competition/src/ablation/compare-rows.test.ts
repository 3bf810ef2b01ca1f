import { pairedBootstrap } from '@kic/scores'
import { expect, it } from 'vitest'
import { compareRows } from './compare-rows.ts'

const groups = [0, 1, 1, 2]

it('compares the seeds that both rows have, in any order', () => {
  const own = [
    { seed: 1, right: [1, 1, 0, 1] },
    { seed: 2, right: [0, 1, 0, 1] },
    { seed: 3, right: [0, 0, 0, 0] },
  ]
  const other = [
    { seed: 2, right: [0, 0, 0, 1] },
    { seed: 1, right: [1, 0, 1, 0] },
  ]
  const found = compareRows(own, other, groups)
  // Two of four rows more in eight: (3 + 2) / 8 - (2 + 1) / 8.
  expect(found?.difference).toBeCloseTo(0.25)
  expect(found).toEqual(pairedBootstrap([0.5, 1, 0, 1], [0.5, 0, 0.5, 0.5], { groups }))
})

it('has nothing to compare without a common seed', () => {
  expect(compareRows([{ seed: 1, right: [1] }], [{ seed: 2, right: [1] }], [0])).toBeUndefined()
})
