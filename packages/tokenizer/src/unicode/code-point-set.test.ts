import fc from 'fast-check'
import { expect, it } from 'vitest'
import { inRanges } from '../code-point-ranges.ts'
import { complement, union } from '../pattern/range-algebra.ts'
import { codePointSet } from './code-point-set.ts'

const ranges = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 0x10100 }), fc.integer({ min: 0, max: 300 })), { maxLength: 12 })
  .map((pairs) => union(pairs.map(([from, more]) => Uint32Array.of(from, from + more))))

it('a set holds the code points of its ranges, and its complement the rest', () => {
  fc.assert(
    fc.property(ranges, (given) => {
      const [set, others] = [codePointSet(given), codePointSet(complement(given))]
      for (let point = 0; point < 0x10400; point++) {
        const isIn = inRanges(given, point)
        if (set(point) !== isIn || others(point) === isIn) expect.fail(`${point} in ${given}`)
      }
    }),
    { numRuns: 30 },
  )
})
