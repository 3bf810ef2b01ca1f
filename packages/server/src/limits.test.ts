import { expect, it } from 'vitest'
import { type GivenLimits, limitsOf } from './limits.ts'

it('has defaults', () => {
  expect(limitsOf({ maxTexts: 10, timeout: undefined })).toEqual({
    maxTexts: 10,
    maxExplained: 10,
    maxTextLength: 2000,
    maxBodyBytes: 1_048_576,
    maxWaiting: 8192,
    timeout: 30,
  })
})

it.each<[GivenLimits, string]>([
  [{ maxTexts: 0 }, 'maxTexts must be an integer of at least 1, received 0'],
  [{ maxExplained: 0 }, 'maxExplained must be'],
  [{ maxTextLength: 1.5 }, 'maxTextLength must be'],
  [{ maxBodyBytes: Number.NaN }, 'maxBodyBytes must be'],
  [{ maxWaiting: 5, maxTexts: 6 }, 'maxWaiting must be at least maxTexts'],
  [{ timeout: 0 }, 'timeout must be from 0.001 to 86400 seconds'],
  [{ timeout: Number.POSITIVE_INFINITY }, 'timeout must be'],
])('refuses %o', (given, message) => {
  expect(() => limitsOf(given)).toThrowError(
    expect.objectContaining({ code: 'server/option', message: expect.stringContaining(message) }),
  )
})
