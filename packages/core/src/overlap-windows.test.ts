import { describe, expect, it } from 'vitest'
import { overlapWindows } from './overlap-windows.ts'

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1))

/** Records events in order. */
const observed = () => {
  const events: string[] = []
  let underWay = 0
  return {
    events,
    work: async (window: readonly number[]): Promise<string> => {
      underWay += 1
      events.push(`begin ${window} of ${underWay}`)
      await pause()
      underWay -= 1
      if (window.includes(-1)) throw new Error('bad window')
      return `${window}`
    },
  }
}

describe('overlapWindows', () => {
  it('yields results in order, and starts the next window before', async () => {
    const { events, work } = observed()
    for await (const result of overlapWindows([1, 2, 3, 4, 5], 2, work)) {
      events.push(`result ${result}`)
      await pause()
    }
    expect(events).toEqual([
      'begin 1,2 of 1',
      'begin 3,4 of 2',
      'result 1,2',
      'begin 5 of 1',
      'result 3,4',
      'result 5',
    ])
    for await (const result of overlapWindows([], 2, work)) events.push(result)
    expect(events).toHaveLength(6)
  })

  it('yields the results before a failing item', async () => {
    async function* items() {
      yield* [1, 2, 3]
      throw new Error('torn')
    }
    const { work } = observed()
    const results: string[] = []
    await expect(async () => {
      for await (const result of overlapWindows(items(), 2, work)) results.push(result)
    }).rejects.toThrow('torn')
    expect(results).toEqual(['1,2', '3'])
  })

  it('ends if the work fails, and closes the items', async () => {
    let open = true
    function* items() {
      try {
        yield* [1, 2, -1, 4, 5, 6, 7, 8]
      } finally {
        open = false
      }
    }
    const { events, work } = observed()
    const results: string[] = []
    await expect(async () => {
      for await (const result of overlapWindows(items(), 2, work)) results.push(result)
    }).rejects.toThrow('bad window')
    expect([results, open]).toEqual([['1,2'], false])
    expect(events).toHaveLength(3)
  })
})
