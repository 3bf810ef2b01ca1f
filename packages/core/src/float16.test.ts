import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { float16Bits, fromFloat16 } from './float16.ts'

describe('float16Bits', () => {
  it('rounds to the nearest half, ties to even, with denormals and infinities', () => {
    const cases: readonly (readonly [number, number])[] = [
      [0, 0x0000],
      [1, 0x3c00],
      [-2, 0xc000],
      [65504, 0x7bff],
      [65520, 0x7c00],
      [2 ** -24, 0x0001],
      [2 ** -25, 0x0000],
      [2 ** -14, 0x0400],
      [1 + 2 ** -11, 0x3c00],
      [1 + 3 * 2 ** -11, 0x3c02],
      [Number.POSITIVE_INFINITY, 0x7c00],
    ]
    for (const [value, bits] of cases) expect(float16Bits(value).toString(16)).toBe(bits.toString(16))
  })
})

it('widens every float16 as NumPy does', () => {
  const floats = fromFloat16(Uint16Array.from({ length: 65_536 }, (_, i) => i))
  // sha256 of np.arange(65536, dtype='u2').view('f2').astype('f4') without its NaNs.
  const numbers = floats.filter((x) => !Number.isNaN(x))
  expect(createHash('sha256').update(new Uint8Array(numbers.buffer)).digest('hex')).toBe(
    '680bbc22915f61aa1bbfc7265bc3882a6aa42d299bfd2c571807196e5544de2e',
  )
  expect(floats.length - numbers.length).toBe(2046)
})

it('narrows what it widened to the same bits', () => {
  const bits = Uint16Array.from({ length: 65_536 }, (_, i) => i)
  const numbers = bits.filter((half) => (half & 0x7c00) !== 0x7c00)
  expect(Uint16Array.from(fromFloat16(numbers), float16Bits)).toEqual(numbers)
})
