import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { fromBfloat16, fromFloat16 } from './half-floats.ts'

it('widens every float16 as NumPy does', () => {
  const floats = fromFloat16(Uint16Array.from({ length: 65_536 }, (_, i) => i))
  // sha256 of np.arange(65536, dtype='u2').view('f2').astype('f4') without its NaNs.
  const numbers = floats.filter((x) => !Number.isNaN(x))
  expect(createHash('sha256').update(new Uint8Array(numbers.buffer)).digest('hex')).toBe(
    '680bbc22915f61aa1bbfc7265bc3882a6aa42d299bfd2c571807196e5544de2e',
  )
  expect(floats.length - numbers.length).toBe(2046)
})

it('widens bfloat16 by its upper half', () => {
  const floats = fromBfloat16(Uint16Array.of(0x3f80, 0xc000, 0x3eab, 0x7f80, 0x8000))
  expect([...floats]).toEqual([1, -2, 0.333984375, Number.POSITIVE_INFINITY, -0])
})
