import { expect, it } from 'vitest'
import { fromBfloat16 } from './half-floats.ts'

it('widens bfloat16 by its upper half', () => {
  const floats = fromBfloat16(Uint16Array.of(0x3f80, 0xc000, 0x3eab, 0x7f80, 0x8000))
  expect([...floats]).toEqual([1, -2, 0.333984375, Number.POSITIVE_INFINITY, -0])
})
