import { expect, it } from 'vitest'
import { EARLIER, FIFTEEN, type MemberRecipe, techniquePairs } from './members.ts'

it('has twelve group and three division members with different names', () => {
  expect(FIFTEEN.filter(({ level }) => level === 'group').length).toBe(12)
  expect(FIFTEEN.filter(({ level }) => level === 'division').length).toBe(3)
  expect(new Set(FIFTEEN.map(({ name }) => name)).size).toBe(15)
  for (const earlier of EARLIER) expect(FIFTEEN.map(({ name }) => name)).toContain(earlier)
})

it('has a pair for each technique that differs in nothing else', () => {
  const pairs = techniquePairs(FIFTEEN)
  expect(new Set(pairs.map(({ technique }) => technique))).toEqual(
    new Set(['TAPT', 'negative sampling', 'BiLSTM', 'hierarchical fusion', 'accuracy loss']),
  )
  for (const { without, with: other } of pairs) {
    const differing = Object.entries(without).filter(
      ([key, value]) => !['name', 'seed'].includes(key) && other[key as keyof MemberRecipe] !== value,
    )
    expect(differing.length).toBe(1)
  }
})

it('has a member of the level above for every fused member', () => {
  for (const { fusion, size } of FIFTEEN) {
    if (fusion === 'none') continue
    expect(
      FIFTEEN.some((other) => other.level === 'division' && other.size === size && other.fusion === 'none'),
    ).toBe(true)
  }
})
