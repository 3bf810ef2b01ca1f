import { expect, it } from 'vitest'
import { groupQuotas } from './group-sizes.ts'
import { repeatShares } from './repeat-shares.ts'

it('gives equal groups equal shares', () => {
  const shares = repeatShares(
    new Map([
      ['011', 50],
      ['012', 50],
    ]),
    0.3,
  )
  expect([...shares.values()]).toEqual([0.3, 0.3])
})

it('makes the published sizes without repeats: about half of the restaurants, nearly all of rare groups', () => {
  const quotas = groupQuotas({ rows: 1_000_000, balance: 1, minPerGroup: 1 })
  const shares = repeatShares(quotas, 1 - 641_457 / 1_000_000)
  const different = (group: string): number => (quotas.get(group) ?? 0) * (1 - (shares.get(group) ?? 0))
  expect(different('561')).toBeGreaterThan(0.8 * 62_654)
  expect(different('561')).toBeLessThan(1.2 * 62_654)
  const all = [...quotas.keys()].map(different)
  const total = all.reduce((sum, count) => sum + count, 0)
  expect(Math.abs(total - 641_457)).toBeLessThan(10_000)
  const sorted = all.sort((a, b) => a - b)
  expect(sorted[0]).toBeGreaterThanOrEqual(1)
  expect(sorted[112]).toBeGreaterThan(793 / 1.3)
  expect(sorted[112]).toBeLessThan(793 * 1.3)
})

it('keeps shares between 0 and 1', () => {
  const sizes = new Map([
    ['011', 1],
    ['012', 1_000_000],
  ])
  for (const share of repeatShares(sizes, 1).values()) {
    expect(share).toBeGreaterThanOrEqual(0)
    expect(share).toBeLessThanOrEqual(1)
  }
})
