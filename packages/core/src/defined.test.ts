import { expect, expectTypeOf, it } from 'vitest'
import { defined } from './defined.ts'

it('returns every value but undefined', () => {
  const values = [0, '', null, false, Number.NaN]
  expect(values.map((value) => defined(value))).toEqual(values)
  expectTypeOf(defined([1, 2][0])).toEqualTypeOf<number>()
})

it('refuses undefined', () => {
  expect(() => defined([1, 2][2])).toThrow(expect.objectContaining({ code: 'core/missing-value' }))
})
