import { joinFields } from '@kic/data'
import { expect, it } from 'vitest'
import { readLexicon } from '../read-lexicon.ts'
import { generateShortRows } from './generate-short-rows.ts'

it('has every product and whole answer, and as many more as a group has goods; or some of them', {
  timeout: 60_000,
}, () => {
  const rows = generateShortRows({ seed: 5 })
  const counts = new Map<string, number>()
  for (const { group } of rows) counts.set(group, (counts.get(group) ?? 0) + 1)
  const texts = new Set(rows.map((row) => `${row.group} ${joinFields(row)}`))
  let own = 0
  for (const { group, products, answers } of readLexicon()) {
    own += products.length + answers.length
    expect(counts.get(group)).toBeLessThanOrEqual(4 * products.length + answers.length + 200)
    expect([...products, ...answers].filter((text) => !texts.has(`${group} ${text}`))).toEqual([])
  }
  expect(rows.length).toBeGreaterThan(3 * own)
  expect(rows.reduce((sum, row) => sum + joinFields(row).length, 0) / rows.length).toBeLessThan(12)
  const some = generateShortRows({ seed: 5, rows: 1000 })
  expect(some).toHaveLength(1000)
  expect(new Set(some.map(({ group }) => group)).size).toBeGreaterThan(150)
})
