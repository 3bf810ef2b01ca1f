import { createRandom } from '@kic/core'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { COVERAGES, coverageThresholds } from './coverage-thresholds.ts'

const at = (coverage: number, probabilities: readonly number[]): number | undefined =>
  coverageThresholds(probabilities).thresholds[COVERAGES.indexOf(coverage)]
const hundredths = (n: number): number[] => Array.from({ length: n }, (_, i) => (i + 1) / 100)

it('is the ⌈(n + 1) coverage⌉-th largest probability', () => {
  // 100 × 0.9 = 90: of 99 probabilities 0.01, 0.02 … 0.99 the 90th largest is 0.1.
  expect(at(0.9, hundredths(99))).toBe(0.1)
  expect(at(0.95, hundredths(99))).toBe(0.05)
  expect(at(0.99, hundredths(99))).toBe(0.01)
  // 300 × 0.81 is 243.00000000000003 in floating point.
  expect(
    at(
      0.81,
      Array.from({ length: 299 }, (_, i) => (i + 1) / 1000),
    ),
  ).toBe(0.057)
  // 98 × 0.9 = 88.2, so the 89th largest of 97.
  expect(at(0.9, hundredths(97))).toBe(0.09)
})

it('admits every class where rows are too few: n needs coverage / (1 − coverage) of them', () => {
  for (const [coverage, rows] of [
    [0.5, 1],
    [0.8, 4],
    [0.9, 9],
    [0.95, 19],
    [0.99, 99],
    [0.999, 999],
  ] as const) {
    const equal = (n: number) => Array.from({ length: n }, () => 0.25)
    expect([at(coverage, equal(rows)), at(coverage, equal(rows - 1))]).toEqual([0.25, 0])
  }
})

it('covers k / (n + 1) of new rows on average, where n × coverage is points away', () => {
  const random = createRandom('few rows')
  // A uniform probability reaches a threshold t with probability 1 − t.
  for (const [rows, coverage, k] of [
    [30, 0.9, 28],
    [30, 0.8, 25],
    [50, 0.95, 49],
  ] as const) {
    let sum = 0
    for (let i = 0; i < 4000; i++) sum += 1 - (at(coverage, Array.from({ length: rows }, random.next)) ?? 0)
    expect(Math.abs(sum / 4000 - k / (rows + 1))).toBeLessThan(0.004)
  }
})

it('rounds to four digits, downwards only', () => {
  const probability = fc
    .tuple(fc.double({ min: 1, max: 10, noNaN: true }), fc.integer({ min: 1, max: 29 }))
    .map(([digits, places]) => digits / 10 ** places)
  fc.assert(
    fc.property(probability, (exact) => {
      const [rounded = Number.NaN] = coverageThresholds([exact]).thresholds
      expect(rounded).toBeLessThanOrEqual(exact)
      expect(rounded).toBeGreaterThan(exact * 0.9989)
      expect(String(rounded).length).toBeLessThanOrEqual(11)
    }),
  )
  for (const exact of [0.1, 0.29, 0.999, 1]) expect(coverageThresholds([exact]).thresholds[0]).toBe(exact)
  // Near 1, digits are those of what is missing to 1.
  for (const [exact, rounded] of [
    [0.999876543, 0.999876],
    [0.99999999, 0.999999],
    [0.987654321, 0.98765],
    [1.00005, 1],
  ] as const)
    expect(coverageThresholds([exact]).thresholds[0]).toBe(rounded)
  expect(coverageThresholds([1e-320]).thresholds[0]).toBe(0)
})
