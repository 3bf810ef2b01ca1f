import { expect, expectTypeOf, it } from 'vitest'
import { defined } from './defined.ts'

it('returns a value, also one that is falsy', () => {
  expect([0, '', false, null].map((value) => defined(value))).toEqual([0, '', false, null])
  expectTypeOf(defined([1][0])).toEqualTypeOf<number>()
})

it('throws for an index beyond the end', () => {
  expect(() => defined(new Float32Array(2)[2])).toThrowError(
    expect.objectContaining({ code: 'core/undefined-value' }),
  )
})
