import fc from 'fast-check'
import { expect, it } from 'vitest'
import { formatRanges, inRanges, parseRanges } from './code-point-ranges.ts'

const ranges = fc
  .uniqueArray(fc.integer({ min: 0, max: 300 }), { minLength: 2, maxLength: 40 })
  .map((points) => points.sort((a, b) => a - b))
  .map((points) => points.slice(0, points.length - (points.length % 2)).map((point, i) => 3 * point + i))
  .map((points) => Uint32Array.from(points))

it('reads back what it wrote', () => {
  fc.assert(
    fc.property(ranges, (given) => {
      expect(parseRanges(formatRanges(given))).toEqual(given)
    }),
  )
})

it('finds exactly the code points within', () => {
  fc.assert(
    fc.property(ranges, (given) => {
      const inside = new Set<number>()
      for (let i = 0; i < given.length; i += 2) {
        for (let point = given[i] as number; point <= (given[i + 1] as number); point++) inside.add(point)
      }
      const points = Array.from({ length: 1000 }, (_, point) => point)
      expect(points.filter((point) => inRanges(given, point))).toEqual(
        points.filter((point) => inside.has(point)),
      )
    }),
    { numRuns: 20 },
  )
})
