import { createRandom } from '@kic/core'
import { describe, expect, it } from 'vitest'
import { capClasses, upSample } from './balance-rows.ts'

const rows = Array.from({ length: 600 }, (_, i) => ({
  id: `id_${i}`,
  labels: { section: 'S', group: i < 500 ? '561' : i < 590 ? '562' : '011' },
}))
const unlabelled = { id: 'x' }
const shuffled = createRandom(1).shuffle(rows)
const ids = (list: readonly { id: string }[]): string[] => list.map((row) => row.id).sort()
const countOf = (list: readonly (typeof rows)[number][], group: string): number =>
  list.filter((row) => row.labels.group === group).length

describe('capClasses', () => {
  it('keeps so many of each class, in order, by seed and id', () => {
    const kept = capClasses(rows, { rows: 100, seed: 1 })
    expect(['561', '562', '011'].map((group) => countOf(kept, group))).toEqual([100, 90, 10])
    expect(kept).toEqual(rows.filter((row) => kept.includes(row)))
    expect(ids(capClasses(shuffled, { rows: 100, seed: 1 }))).toEqual(ids(kept))
    expect(ids(capClasses(rows, { rows: 100, seed: 2 }))).not.toEqual(ids(kept))
    const more = capClasses(rows, { rows: 120, seed: 1 })
    expect(kept.every((row) => more.includes(row))).toBe(true)
  })

  it('looks at another level when told so, and never at rows without labels', () => {
    expect(capClasses([...rows, unlabelled], { rows: 7, seed: 1, level: 'section' })).toHaveLength(8)
  })
})

describe('upSample', () => {
  it('repeats every row of a small class equally often, or once more', () => {
    const more = upSample([...rows], { rows: 95, seed: 1 })
    expect(['561', '562', '011'].map((group) => countOf(more, group))).toEqual([500, 95, 95])
    const times = new Map<string, number>()
    for (const row of more.filter((each) => each.labels.group === '011'))
      times.set(row.id, (times.get(row.id) ?? 0) + 1)
    expect([...times.values()].sort((a, b) => a - b)).toEqual([9, 9, 9, 9, 9, 10, 10, 10, 10, 10])
    expect(more.slice(0, 600)).toEqual(rows)
    expect(ids(upSample(shuffled, { rows: 95, seed: 1 }))).toEqual(ids(more))
  })
})

it.each([0, 1.5, Number.NaN])('refuses %s rows', (count) => {
  for (const balance of [capClasses, upSample])
    expect(() => balance(rows, { rows: count, seed: 1 })).toThrow(
      expect.objectContaining({ code: 'data/bad-balance' }),
    )
})
