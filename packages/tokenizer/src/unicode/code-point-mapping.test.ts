import fc from 'fast-check'
import { expect, it } from 'vitest'
import { formatMapping, parseMapping } from './code-point-mapping.ts'

const mapping = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 3 }), fc.constantFrom(1, 1, 32, -7)), {
    minLength: 1,
    maxLength: 60,
  })
  .map((steps) => {
    let point = 10
    return steps.map(([step, difference]): [number, number] => {
      point += step
      return [point, point + difference]
    })
  })

it('reads back what it wrote', () => {
  fc.assert(
    fc.property(mapping, (given) => {
      expect([...parseMapping(formatMapping(given))]).toEqual(given)
    }),
  )
})
