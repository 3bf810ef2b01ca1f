import { expect, it, vi } from 'vitest'
import { mapInTurns } from './map-in-turns.ts'
import { turnIfDue } from './shared-turns.ts'

/** Work on a clock that nothing else moves. */
const work = () => {
  let now = 0
  vi.spyOn(performance, 'now').mockImplementation(() => now)
  let sinceTurn = 0
  let longest = 0
  let runs = true
  const tick = (): void => {
    sinceTurn = 0
    if (runs) setImmediate(tick)
  }
  tick()
  return {
    piece: (milliseconds: number): void => {
      now += milliseconds
      sinceTurn += milliseconds
      longest = Math.max(longest, sinceTurn)
    },
    end: (): number => {
      runs = false
      return longest
    },
  }
}

it('gives all computations together one slice a turn', async () => {
  const { piece, end } = work()
  const ended: number[] = []
  const compute = async (name: number): Promise<void> => {
    for (let i = 0; i < 20; i++) {
      const turn = turnIfDue()
      if (turn !== undefined) await turn
      piece(5)
    }
    ended.push(name)
  }
  await Promise.all(Array.from({ length: 30 }, (_, name) => compute(name)))
  // A slice of 20 ms, and the piece that ends it.
  expect(end()).toBeLessThanOrEqual(25)
  // Nobody waits for others to end.
  expect(ended).toHaveLength(30)
  expect(ended.indexOf(29)).toBeGreaterThan(ended.indexOf(0))
})

it('costs no turn while there is time', async () => {
  const { piece, end } = work()
  await new Promise((resolve) => setImmediate(resolve))
  expect([turnIfDue(), turnIfDue()]).toEqual([undefined, undefined])
  piece(20)
  expect(turnIfDue()).toBeInstanceOf(Promise)
  end()
})

it('maps in order, and stops when it is told to', async () => {
  const { piece, end } = work()
  const controller = new AbortController()
  const items = Array.from({ length: 50 }, (_, i) => i)
  const doubled = (item: number, i: number): number => {
    piece(7)
    return item + i
  }
  expect(await mapInTurns(items, doubled, controller.signal)).toEqual(items.map((i) => 2 * i))
  expect(end()).toBeLessThanOrEqual(28)
  const reason = new Error('enough')
  const mapped = mapInTurns(items, doubled, controller.signal)
  setImmediate(() => controller.abort(reason))
  await expect(mapped).rejects.toBe(reason)
})
