import { hostname } from 'node:os'
import { expect, it } from 'vitest'
import { leaseWatch } from './lease-watch.ts'
import { thisProcess } from './owner.ts'

const elsewhere = (beat: number) => ({
  generation: 1,
  text: JSON.stringify({ host: 'elsewhere', pid: 1, machine: 'elsewhere', beat }),
})

it('finds a lease dead after a silence by its own clock', () => {
  let now = 1e6
  const isDead = leaseWatch({ beat: 10, silence: 40 }, () => now)
  const after = (milliseconds: number, lease = elsewhere(1)): boolean => {
    now += milliseconds
    return isDead(lease)
  }
  expect([after(0), after(10), after(10), after(10), after(9)]).toEqual(Array(5).fill(false))
  expect(after(0, elsewhere(2))).toBe(false)
  expect([after(10, elsewhere(2)), after(10, elsewhere(2)), after(10, elsewhere(2))]).toEqual(
    Array(3).fill(false),
  )
  expect(after(10, elsewhere(2))).toBe(true)
  expect(after(0, { ...elsewhere(2), generation: 2 })).toBe(false)
})

it('does not count the time for which it was suspended itself', () => {
  let now = 0
  const isDead = leaseWatch({ beat: 10, silence: 40 }, () => now)
  isDead(elsewhere(1))
  now = 3_600_000
  expect(isDead(elsewhere(1))).toBe(false)
})

it('knows at once where a process of this machine has ended, and nothing of processes elsewhere', () => {
  const of = (owner: object) => ({ generation: 1, text: JSON.stringify({ ...thisProcess(), ...owner }) })
  const isDead = (owner: object): boolean => leaseWatch({ beat: 10, silence: 40 })(of(owner))
  const ended = 2 ** 30
  expect(isDead({})).toBe(false)
  expect(isDead({ pid: ended })).toBe(true)
  // Another container may have the same host name.
  expect(isDead({ pid: ended, machine: `${hostname()} and another container` })).toBe(false)
  expect(leaseWatch({ beat: 10, silence: 40 })({ generation: 1, text: '' })).toBe(false)
})
