import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { ClientLeft, RequestSignal } from './request-signal.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

it('is aborted once, with the first reason', () => {
  const signal = new RequestSignal(1000)
  const heard: unknown[] = []
  const hear = (): void => {
    heard.push(signal.reason)
  }
  const other = vi.fn()
  signal.addEventListener('abort', hear)
  signal.addEventListener('abort', other)
  signal.removeEventListener('abort', other)
  signal.throwIfAborted()
  expect(signal.aborted).toBe(false)
  signal.leave()
  vi.advanceTimersByTime(2000)
  signal.leave()
  expect(heard).toEqual([expect.any(ClientLeft)])
  expect(other).not.toHaveBeenCalled()
  expect(signal.aborted).toBe(true)
  expect(() => signal.throwIfAborted()).toThrow(ClientLeft)
})

it('is aborted after its time, unless it is released', () => {
  const [late, released] = [new RequestSignal(1000), new RequestSignal(1000)]
  released.release()
  vi.advanceTimersByTime(999)
  expect(late.aborted).toBe(false)
  vi.advanceTimersByTime(1)
  expect(late.reason).toMatchObject({ kind: 'timeout', details: { retryAfter: 1 } })
  expect(released.aborted).toBe(false)
  expect(vi.getTimerCount()).toBe(0)
})
