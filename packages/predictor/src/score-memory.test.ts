import { expect, it } from 'vitest'
import { createScoreMemory } from './score-memory.ts'

it('gives back what it was told, of the last texts alone', () => {
  const memory = createScoreMemory(2, 3)
  const target = new Float32Array(4)
  expect(memory.recall('빵', target, 1)).toBe(false)
  memory.remember('빵', Float32Array.of(1, 2, 3))
  memory.remember('빵', Float32Array.of(7, 8, 9)) // is known
  memory.remember('쌀', Float32Array.of(4, 5, 6))
  expect(memory.recall('빵', target, 1)).toBe(true)
  expect([...target]).toEqual([0, 1, 2, 3])
  memory.remember('콩', Float32Array.of(0.5, 0.25, 0))
  expect(memory.recall('빵', target, 0)).toBe(false)
  expect(memory.recall('쌀', target, 0)).toBe(true)
  expect(memory.recall('콩', target, 1)).toBe(true)
  expect([...target]).toEqual([4, 0.5, 0.25, 0])
})
