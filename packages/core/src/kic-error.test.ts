import { expect, it, vi } from 'vitest'
import { isKicError, KicError } from './kic-error.ts'

it('is recognised across copies of the package', async () => {
  vi.resetModules()
  const copy = await import('./kic-error.ts')
  const foreign = new copy.KicError('data/empty-text', 'no text')
  expect(foreign instanceof KicError).toBe(false)
  expect(isKicError(foreign)).toBe(true)
  expect(isKicError(new Error('plain'))).toBe(false)
  expect(isKicError(null)).toBe(false)
})
