import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { progressLine } from './progress-line.ts'

beforeEach(() => vi.useFakeTimers({ toFake: ['performance'] }))
afterEach(() => vi.useRealTimers())

const told = (isTTY: boolean): string[] => {
  const written: string[] = []
  const line = progressLine({ write: (text) => written.push(text), isTTY }, 'read', 'files')
  for (const [seconds, done] of [
    [1, 100],
    [2, 4000],
    [3, 6000],
    [13, 26_000],
  ] as const) {
    vi.setSystemTime(0)
    vi.advanceTimersByTime(1000 * seconds - performance.now())
    line.update(done)
  }
  line.end()
  return written
}

it('starts quiet, then reports progress and rate every ten seconds', () => {
  expect(told(false)).toEqual(['read: 4,000 files, 2,000 files/s\n', 'read: 26,000 files, 2,000 files/s\n'])
})

it('overwrites its line on a terminal, and removes it', () => {
  const written = told(true)
  expect(written).toHaveLength(4)
  expect(written[1]).toBe('\r\u001b[Kread: 6,000 files, 2,000 files/s')
  expect(written.at(-1)).toBe('\r\u001b[K')
})
