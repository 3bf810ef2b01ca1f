import { expect, it } from 'vitest'
import { EARLIER, FIFTEEN, type MemberRecipe } from './members.ts'

it('has twelve group and three division members of different names', () => {
  expect(FIFTEEN.filter(({ level }) => level === 'group').length).toBe(12)
  expect(FIFTEEN.filter(({ level }) => level === 'division').length).toBe(3)
  expect(new Set(FIFTEEN.map(({ name }) => name)).size).toBe(15)
  for (const earlier of EARLIER) expect(FIFTEEN.map(({ name }) => name)).toContain(earlier)
})

it('has a pair for each technique that differs in nothing else', () => {
  const techniques: readonly (keyof MemberRecipe)[] = ['start', 'head', 'fusion', 'loss', 'size']
  const pairs = (technique: keyof MemberRecipe) =>
    FIFTEEN.flatMap((one) =>
      FIFTEEN.filter(
        (other) =>
          one[technique] !== other[technique] &&
          (['level', ...techniques] as const).every((key) => key === technique || one[key] === other[key]),
      ),
    )
  for (const technique of techniques) expect(pairs(technique).length, technique).toBeGreaterThan(0)
})

it('has, for every fused member, a member of the level above to freeze', () => {
  for (const { fusion, size } of FIFTEEN) {
    if (fusion === 'none') continue
    expect(
      FIFTEEN.some((other) => other.level === 'division' && other.size === size && other.fusion === 'none'),
    ).toBe(true)
  }
})
