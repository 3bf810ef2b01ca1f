import { afterEach, expect, it, vi } from 'vitest'
import { EXIT } from './io.ts'
import { processIo } from './process-io.ts'

afterEach(() => {
  vi.restoreAllMocks()
  for (const signal of ['SIGINT', 'SIGTERM']) process.removeAllListeners(signal)
})

it.each([
  ['SIGINT', 'SIGINT'],
  ['SIGTERM', 'SIGTERM'],
  ['SIGTERM', 'SIGINT'],
  ['SIGINT', 'SIGTERM'],
] as const)('ends cleanly by the first signal and at once by the second: %s, %s', (first, second) => {
  const exit = vi.spyOn(process, 'exit').mockImplementation(() => {
    throw new Error('ended')
  })
  const { signal } = processIo()
  process.emit(first)
  expect(signal.aborted).toBe(true)
  expect(exit).not.toHaveBeenCalled()
  expect(() => process.emit(second)).toThrow('ended')
  expect(exit).toHaveBeenCalledWith(EXIT.interrupted)
})
