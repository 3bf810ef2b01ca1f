import { expect, it } from 'vitest'
import { TextGate } from './text-gate.ts'

it('lets as many texts wait as it may, and no more', () => {
  const gate = new TextGate(5)
  expect([gate.enter(3), gate.enter(3), gate.enter(2)]).toEqual([true, false, true])
  expect(gate.waiting).toBe(5)
  gate.leave(3, true)
  expect([gate.enter(4), gate.enter(3)]).toEqual([false, true])
})

it('estimates the wait from the rate of late', () => {
  let now = 0
  const gate = new TextGate(1000, () => now)
  expect(gate.secondsUntilRoom(1)).toBe(1)
  // 100 texts a second.
  for (let i = 0; i < 100; i++) {
    gate.enter(10)
    now += 100
    gate.leave(10, true)
  }
  gate.enter(1000)
  expect(gate.secondsUntilRoom(500)).toBe(5)
  expect(gate.secondsUntilRoom(1)).toBe(1)
  expect(gate.secondsUntilRoom(1_000_000)).toBe(30)
  // An idle hour says nothing about the rate.
  gate.leave(1000, false)
  now += 3_600_000
  gate.enter(1000)
  expect(gate.secondsUntilRoom(500)).toBeLessThanOrEqual(5)
})
