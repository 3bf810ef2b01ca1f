import { expect, it } from 'vitest'
import { packedPrecision, precisionNote } from './packed-precision.ts'

/** Weights of a size, without their memory. */
const weights = (bytes: number) => {
  const data = new Float32Array(0)
  Object.defineProperty(data, 'byteLength', { value: bytes })
  return { dtype: 'float32', shape: [bytes / 4], data } as const
}

it('halves only what one file cannot hold', () => {
  expect(packedPrecision({ a: weights(2 ** 30), b: weights(2 ** 29) })).toBe('float32')
  expect(packedPrecision({ a: weights(2 ** 30), b: weights(2 ** 30) })).toBe('float16')
})

it('tells which members are halved', () => {
  expect(precisionNote([])).toBeUndefined()
  expect(precisionNote(['group-large', 'division-large'])).toMatch(
    /^Stored as float16: group-large, division-large, .*2 GiB/,
  )
})
