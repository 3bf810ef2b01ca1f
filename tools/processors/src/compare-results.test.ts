import { expect, it } from 'vitest'
import { compareResults, formatComparisons } from './compare-results.ts'
import type { Job, JobResult } from './job.ts'

const job: Job = {
  models: [
    { name: 'a', folder: '', precision: 'float32' },
    { name: 'a', folder: '', precision: 'int8' },
  ],
  texts: ['x', 'y'],
  training: { texts: ['x', 'y'], labels: [0, 1] },
  batchSize: 1,
}
const native: JobResult = {
  scores: [
    [1, 2, 4, 3],
    [1, 2, 4, 3],
  ],
  losses: [5, 4],
  saturates: false,
}
const passes = (result: Partial<JobResult>): boolean[] =>
  compareResults(job, native, { processor: 'p', result: { ...native, ...result } }).map(({ pass }) => pass)

it('allows float32 scores 1e-4, int8 scores 0.02, and losses a ten-thousandth', () => {
  expect(passes({})).toEqual([true, true, true])
  const scores = [
    [1, 2.00009, 4, 3],
    [1.019, 2, 4, 3],
  ]
  expect(passes({ scores, losses: [5.0004, 4] })).toEqual([true, true, true])
  expect(
    passes({
      scores: [
        [1, 2.00011, 4, 3],
        [1.021, 2, 4, 3],
      ],
      losses: [5, 4.0005],
    }),
  ).toEqual([false, false, false])
})

it('fails if numbers are missing or not finite', () => {
  expect(
    passes({
      scores: [
        [1, 2, 4],
        [1, Number.NaN, 4, 3],
      ],
      losses: [],
    }),
  ).toEqual([false, false, false])
  expect(passes({ scores: [] })).toEqual([false, false, true])
})

it('counts other classes and lists failures', () => {
  const result = { ...native, scores: [[2, 1, 4, 3], native.scores[1] ?? []] }
  const [first, second] = compareResults(job, native, { processor: 'Haswell', result })
  expect([first?.otherClasses, second?.otherClasses]).toEqual([1, 0])
  expect(formatComparisons(first === undefined ? [] : [first])).toMatch(
    /Haswell +a, float32 +1\.0e\+0 +0\.0001 +1 +FAILED/,
  )
})
