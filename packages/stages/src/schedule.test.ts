import { createRandom } from '@kic/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fifteenTasks } from './__fixtures__/fifteen-tasks.ts'
import { longestPaths, type ScheduledTask, schedule, type Task } from './schedule.ts'

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0)
const lengthOf = (lists: readonly (readonly ScheduledTask[])[]): number =>
  Math.max(0, ...lists.flat().map(({ end }) => end))
const workOf = (tasks: readonly Task[]): number => sum(tasks.map(({ seconds }) => seconds))
const pathOf = (tasks: readonly Task[]): number => Math.max(0, ...longestPaths(tasks).values())
/** No schedule is shorter. */
const boundOf = (tasks: readonly Task[], workers: number): number =>
  Math.max(pathOf(tasks), workOf(tasks) / workers)

const tasks = fc
  .array(fc.record({ seconds: fc.nat(100), needs: fc.array(fc.nat(), { maxLength: 4 }) }), { maxLength: 40 })
  .map((all) =>
    all.map(
      ({ seconds, needs }, i): Task => ({
        name: `${i}`,
        seconds,
        needs: i === 0 ? [] : [...new Set(needs.map((need) => `${need % i}`))],
      }),
    ),
  )

describe('schedule', () => {
  it('runs every task once, after its needs, one at a time on each worker', () => {
    fc.assert(
      fc.property(tasks, fc.integer({ min: 1, max: 8 }), (all, workers) => {
        const lists = schedule(all, workers)
        const at = new Map(lists.flat().map((one) => [one.name, one]))
        expect(lists).toHaveLength(workers)
        expect(lists.flat()).toHaveLength(all.length)
        for (const { name, seconds, needs } of all) {
          const { start = -1, end = -1 } = at.get(name) ?? {}
          expect(end).toBe(start + seconds)
          for (const need of needs) expect(at.get(need)?.end).toBeLessThanOrEqual(start)
        }
        for (const list of lists)
          for (const [i, { start }] of list.entries())
            expect(list[i - 1]?.end ?? 0).toBeLessThanOrEqual(start)
      }),
    )
  })

  it("keeps Graham's guarantee on random graphs", () => {
    fc.assert(
      fc.property(tasks, fc.integer({ min: 1, max: 8 }), (all, workers) => {
        // The proof bounds the length by work / n + (1 − 1/n) · path, which is at most (2 − 1/n) times what any
        // schedule takes.
        const length = lengthOf(schedule(all, workers))
        expect(length).toBeLessThanOrEqual((2 - 1 / workers) * boundOf(all, workers) + 1e-9)
        expect(length).toBeLessThanOrEqual(workOf(all) / workers + (1 - 1 / workers) * pathOf(all) + 1e-9)
      }),
      { numRuns: 1_000 },
    )
  })

  it.each([1, 4])(
    'needs at most a tenth more than the lower bound for %d recipes like the fifteen',
    (recipes) => {
      for (let seed = 0; seed < 10; seed++) {
        const all = Array.from({ length: recipes }, (_, i) => {
          const named = (name: string): string => `${name} of ${i}`
          return fifteenTasks(createRandom(`fifteen ${seed} ${i}`)).map(({ name, seconds, needs }) => ({
            name: named(name),
            seconds,
            needs: needs.map(named),
          }))
        }).flat()
        for (let workers = 1; workers <= 64; workers++) {
          const ratio = lengthOf(schedule(all, workers)) / boundOf(all, workers)
          expect(ratio, `${workers} workers`).toBeLessThanOrEqual(1.1)
        }
      }
    },
  )

  it('is the same for the same tasks, and empty for more workers than tasks', () => {
    const all = fifteenTasks(createRandom('once'))
    expect(schedule(all, 3)).toEqual(schedule(structuredClone(all), 3))
    expect(schedule([{ name: 'a', seconds: 0, needs: [] }], 3)).toEqual([
      [{ name: 'a', start: 0, end: 0 }],
      [],
      [],
    ])
  })
})
