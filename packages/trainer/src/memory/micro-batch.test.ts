import { expect, it } from 'vitest'
import { fittingMicroBatch } from './micro-batch.ts'

it.each([
  [64, 700, { rows: 64, accumulation: 1 }],
  [64, 690, { rows: 32, accumulation: 2 }],
  [64, 110, { rows: 1, accumulation: 64 }],
  [64, 109, undefined],
  [30, 250, { rows: 15, accumulation: 2 }],
  [30, 249, { rows: 10, accumulation: 3 }],
  [7, 169, { rows: 1, accumulation: 7 }],
])('divides %d rows of 10 bytes beside 100 for %d bytes: %o', (batchSize, budget, part) => {
  // Accumulation needs no more here than a batch in one part, but that one keeps 40 bytes less.
  const bytesOf = ({ rows }: { rows: number }) => 100 + 10 * rows - (rows === 64 ? 40 : 0)
  expect(fittingMicroBatch(batchSize, bytesOf, budget)).toEqual(part)
})
