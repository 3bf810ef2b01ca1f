import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { codesOf, labelsOf } from '@kic/classification'
import { ksic10Occurring } from '@kic/classification/ksic'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { groupQuotas, publishedGroupSizes, publishedSectionSizes } from './group-sizes.ts'

const sum = (numbers: Iterable<number>): number => [...numbers].reduce((total, number) => total + number, 0)

describe('groupQuotas', () => {
  it('reproduces the published counts of a million rows', () => {
    const quotas = groupQuotas({ rows: 1_000_000, balance: 1, minPerGroup: 1 })
    expect([...quotas.keys()]).toEqual(codesOf(ksic10Occurring, 'group'))
    for (const [group, size] of Object.entries(publishedGroupSizes)) {
      expect(Math.abs((quotas.get(group) ?? 0) - size), group).toBeLessThanOrEqual(1)
    }
    for (const [section, size] of Object.entries(publishedSectionSizes)) {
      const counted = sum(
        [...quotas]
          .filter(([group]) => labelsOf(ksic10Occurring, 'group', group).section === section)
          .map(([, quota]) => quota),
      )
      expect(Math.abs(counted - size), section).toBeLessThanOrEqual(10)
    }
  })

  it('keeps the published extremes extreme: no other group is larger or smaller than the known ones', () => {
    const quotas = groupQuotas({ rows: 1_000_000, balance: 1, minPerGroup: 1 })
    for (const [group, quota] of quotas) {
      if (group in publishedGroupSizes) continue
      expect(quota, group).toBeGreaterThan(4)
      expect(quota, group).toBeLessThan(39_184)
    }
  })

  it('sums to the rows and gives every group its minimum', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 40 }),
        fc.integer({ min: 1, max: 50_000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (minPerGroup, more, balance) => {
          const rows = 225 * minPerGroup + more
          const quotas = [...groupQuotas({ rows, balance, minPerGroup }).values()]
          expect(sum(quotas)).toBe(rows)
          expect(Math.min(...quotas)).toBeGreaterThanOrEqual(minPerGroup)
        },
      ),
    )
  })

  it('evens the groups out as the balance falls', () => {
    const largest = (balance: number): number =>
      Math.max(...groupQuotas({ rows: 45_000, balance, minPerGroup: 0 }).values())
    expect(largest(0)).toBe(200)
    expect(largest(0.5)).toBeGreaterThan(500)
    expect(largest(0.5)).toBeLessThan(largest(1) / 3)
  })

  it('refuses too few rows and an invalid balance', () => {
    const code = (options: Partial<Parameters<typeof groupQuotas>[0]>) => () =>
      groupQuotas({ rows: 1000, balance: 1, minPerGroup: 1, ...options })
    expect(code({ minPerGroup: 5 })).toThrow(/225 groups/)
    expect(code({ rows: 0, minPerGroup: 0 })).toThrow(/received rows 0/)
    expect(code({ rows: 1000.5 })).toThrow(/whole number/)
    expect(code({ balance: -0.1 })).toThrow(/between 0 and 1, received -0.1/)
    expect(code({ balance: Number.NaN })).toThrow(/NaN/)
  })

  const path = fileURLToPath(new URL('../../../../../shared/data/competition-facts.json', import.meta.url))
  it(
    existsSync(path) ? 'has the published figures' : 'has the published figures (nothing to compare with)',
    () => {
      if (!existsSync(path)) return
      const facts: unknown = JSON.parse(readFileSync(path, 'utf8'))
      expect(facts).toMatchObject({
        train_section_counts: publishedSectionSizes,
        train_group_counts_known: publishedGroupSizes,
      })
    },
  )
})
