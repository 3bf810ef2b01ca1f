import { createRandom } from '@kic/core'
import { expect, it } from 'vitest'
import { createDeck } from './deck.ts'

it('deals every item once before repeating any, in a new order each round', () => {
  const items = ['가', '나', '다', '라', '마', '바', '사', '아'] as const
  const draw = createDeck(items, createRandom(5))
  const rounds = Array.from({ length: 6 }, () => items.map(() => draw()))
  for (const round of rounds) expect([...round].sort()).toEqual([...items].sort())
  expect(new Set(rounds.map((round) => round.join(''))).size).toBeGreaterThan(4)
})
