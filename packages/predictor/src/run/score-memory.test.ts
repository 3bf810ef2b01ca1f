import { expect, it } from 'vitest'
import { createScoreMemory } from './score-memory.ts'

it('knows the last texts alone, from when on they are computed', async () => {
  const memory = createScoreMemory(2)
  expect(memory.find('빵')).toBeUndefined()
  const first = Promise.resolve(Float32Array.of(1, 2))
  memory.remember(['빵', '쌀'], first)
  memory.remember(['빵'], Promise.resolve(Float32Array.of(9)))
  expect(memory.find('쌀')).toEqual({ scores: first, row: 1 })
  expect(memory.find('빵')?.scores).toBe(first)
  memory.remember(['콩'], first)
  expect(['빵', '쌀', '콩'].map((text) => memory.find(text)?.row)).toEqual([undefined, 1, 0])
})

it('forgets what could not be computed', async () => {
  const memory = createScoreMemory(9)
  const failing = Promise.reject(new Error('stopped'))
  memory.remember(['빵'], failing)
  await failing.catch(() => undefined)
  expect(memory.find('빵')).toBeUndefined()
})
