import { createRandom } from '@kic/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lengthBuckets } from './length-buckets.ts'

const padded = (lengths: readonly number[], buckets: readonly number[]): number =>
  lengths.reduce((sum, length) => sum + (buckets.find((bucket) => bucket >= length) ?? Number.NaN), 0)

/** The fewest tokens with this number of buckets, by exhaustive search. */
const fewest = (lengths: readonly number[], count: number): number => {
  const distinct = [...new Set(lengths)].sort((a, b) => a - b)
  const longest = distinct.pop() ?? 0
  const choices = (from: number, left: number): number[][] =>
    left === 0
      ? [[]]
      : distinct
          .slice(from)
          .flatMap((length, i) => choices(from + i + 1, left - 1).map((rest) => [length, ...rest]))
  return Math.min(...choices(0, count - 1).map((choice) => padded(lengths, [...choice, longest])))
}

describe('lengthBuckets', () => {
  it('needs the fewest tokens among all choices with as many lengths', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 1, max: 8 }),
        (lengths, batchSize) => {
          const buckets = lengthBuckets(lengths, { batchSize })
          expect(buckets).toEqual([...new Set(buckets)].sort((a, b) => a - b))
          expect(buckets.at(-1)).toBe(Math.max(...lengths))
          expect(padded(lengths, buckets)).toBe(fewest(lengths, buckets.length))
        },
      ),
    )
  })

  it('adds a length only if it saves half a percent of the tokens, and a batch', () => {
    const lengths = [...new Array<number>(990).fill(10), ...new Array<number>(10).fill(12)]
    // 12 alone needs 12,000 tokens. 10 and 12 need 9,900 + 120, a sixth less. 9 for one row of 1,000 saves nothing.
    expect(lengthBuckets(lengths, { batchSize: 16 })).toEqual([10, 12])
    expect(lengthBuckets([9, ...lengths], { batchSize: 16 })).toEqual([10, 12])
    expect(lengthBuckets(lengths, { batchSize: 200 })).toEqual([12])
  })

  it('has at most ten lengths', () => {
    const random = createRandom('lengths')
    const lengths = Array.from({ length: 100_000 }, () => 1 + random.int(500))
    const buckets = lengthBuckets(lengths, { batchSize: 32 })
    expect(buckets.length).toBe(10)
    // For uniform lengths, the best ten parts have 50 lengths each: 25 tokens of padding on a mean of 250.
    expect(padded(lengths, buckets) / lengths.reduce((a, b) => a + b, 0)).toBeLessThan(1.102)
  })

  it('minimises the padding of batches without grouping', () => {
    const random = createRandom('lengths')
    const lengths = Array.from({ length: 20_000 }, () => 3 + Math.floor(random.next() ** 3 * 60))
    const tokens = (buckets: readonly number[]): number => {
      let sum = 0
      for (let at = 0; at < lengths.length; at += 32) {
        const longest = Math.max(...lengths.slice(at, at + 32))
        sum += 32 * (buckets.find((bucket) => bucket >= longest) ?? Number.NaN)
      }
      return sum
    }
    const forBatches = lengthBuckets(lengths, { batchSize: 32, grouping: 'none' })
    expect(tokens(forBatches)).toBeLessThan(0.97 * tokens(lengthBuckets(lengths, { batchSize: 32 })))
  })
})
