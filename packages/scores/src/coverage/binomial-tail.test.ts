import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { logBinomialTail } from './binomial-tail.ts'

type Case = readonly [successes: number, trials: number, probability: number, logTail: number]
const path = new URL('./__fixtures__/binomial-tails.json', import.meta.url)
const cases: readonly Case[] = JSON.parse(readFileSync(path, 'utf8'))

it('equals sums of 60 digits, far in the tail and of a million trials too', () => {
  expect(cases.length).toBeGreaterThan(300)
  for (const [successes, trials, probability, expected] of cases) {
    const error = Math.abs(logBinomialTail(successes, trials, probability) - expected)
    // Where the tail is close to 1 its logarithm is 1 minus a rounded number.
    const allowed = 1e-13 * Math.max(1, Math.abs(expected))
    expect(error, `P(X ≥ ${successes}) of ${trials}, ${probability}`).toBeLessThan(allowed)
  }
})

it('is the p-value of an exact test', () => {
  // The example of R's binom.test manual page (Conover 1971, p. 97f), 682 of 925 and 3/4; one-sided, by SciPy 1.10:
  // binomtest(682, 925, 0.75, alternative='greater').pvalue
  expect(Math.exp(logBinomialTail(682, 925, 0.75))).toBeCloseTo(0.8240891223524227, 12)
})

it('is certain of no success, and never more successes than trials', () => {
  expect(logBinomialTail(0, 10, 0.3)).toBe(0)
  expect(logBinomialTail(11, 10, 0.3)).toBe(Number.NEGATIVE_INFINITY)
  expect(logBinomialTail(10, 10, 0.5)).toBeCloseTo(-10 * Math.LN2, 14)
})
