import { createRandom } from '@kic/core'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { noveltyCalibration, noveltyPValue } from './novelty.ts'

const naive = (scores: readonly number[], score: number): number =>
  (1 + scores.filter((other) => other <= score).length) / (scores.length + 1)
const anyScore = fc.oneof(
  fc.integer({ min: -20, max: 20 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
)

it('is (1 + rows as strange) / (n + 1), beyond 100 of them at most 2 % more', () => {
  const scores = fc.array(anyScore, { minLength: 1, maxLength: 1500, size: 'max' })
  fc.assert(
    fc.property(scores, anyScore, (scores, score) => {
      const stored = JSON.parse(JSON.stringify(noveltyCalibration(scores)))
      const [exact, found] = [naive(scores, score), noveltyPValue(stored, score)]
      if (exact * (scores.length + 1) <= 100) expect(found).toBe(exact)
      expect(found).toBeGreaterThanOrEqual(exact)
      expect(found).toBeLessThanOrEqual(exact * 1.02)
    }),
  )
})

it('marks the asked share of ordinary rows, and most strange ones', () => {
  const random = createRandom('novelty')
  const normal = (n: number, mean: number) => Array.from({ length: n }, () => mean + random.normal())
  for (const level of [0.01, 0.05]) {
    const marked = Array.from({ length: 200 }, () => {
      const calibration = noveltyCalibration(normal(200, 0))
      const share = (scores: readonly number[]): number =>
        scores.filter((score) => noveltyPValue(calibration, score) <= level).length / scores.length
      return { ordinary: share(normal(200, 0)), strange: share(normal(200, -4)) }
    })
    const mean = (kind: 'ordinary' | 'strange') =>
      marked.reduce((sum, one) => sum + one[kind], 0) / marked.length
    // ⌊201 × level⌋ / 201
    expect(Math.abs(mean('ordinary') - Math.floor(201 * level) / 201)).toBeLessThan(0.003)
    expect(mean('strange')).toBeGreaterThan(0.9)
  }
})

it('stays small, whatever the number of rows', () => {
  const scores = Float64Array.from({ length: 300_000 }, (_, i) => Math.sin(i))
  const calibration = noveltyCalibration(scores)
  expect(calibration.scores.length).toBe(calibration.ranks.length)
  expect(JSON.stringify(calibration).length).toBeLessThan(16 * 1024)
  expect(noveltyPValue(calibration, -2)).toBe(1 / 300_001)
  expect(noveltyPValue(calibration, 2)).toBe(1)
})

it('refuses no scores and no numbers, by code', () => {
  const refused = (fn: () => unknown, code: string) =>
    expect(fn).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(/received .*\. .*\.$/) }),
    )
  refused(() => noveltyCalibration([]), 'scores/shape')
  for (const score of [Number.NaN, Number.NEGATIVE_INFINITY]) {
    refused(() => noveltyCalibration([1, score]), 'scores/not-a-number')
  }
  refused(() => noveltyPValue(noveltyCalibration([1]), Number.NaN), 'scores/not-a-number')
  expect(noveltyPValue(noveltyCalibration([1]), Number.NEGATIVE_INFINITY)).toBe(0.5)
})
