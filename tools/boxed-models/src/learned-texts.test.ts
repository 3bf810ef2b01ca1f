import { defaultPreparation } from '@kic/data/prepare'
import { readLexicon } from '@kic/korean-answers'
import { expect, it } from 'vitest'
import { shortTexts } from './learned-texts.ts'

it('short texts are every product and whole answer, and as many more as a group has goods', () => {
  const { texts, groups } = shortTexts(5, defaultPreparation)
  const counts = new Map<string, number>()
  for (const group of groups) counts.set(group, (counts.get(group) ?? 0) + 1)
  let own = 0
  for (const { group, products, answers } of readLexicon()) {
    own += products.length + answers.length
    expect(counts.get(group)).toBeLessThanOrEqual(4 * products.length + answers.length + 200)
  }
  expect(texts.length).toBeGreaterThan(3 * own)
  const lengths = texts.map((text) => text.length)
  expect(lengths.reduce((a, b) => a + b, 0) / texts.length).toBeLessThan(12)
}, 60_000)
