import { expect, it } from 'vitest'
import { decisionScores } from './decision-scores.ts'
import { withoutZeros } from './sparse-hyperplane.ts'

it('adds up the weights of each class, and none of another', () => {
  const rows = {
    rows: 2,
    features: 3,
    offsets: Uint32Array.of(0, 2, 3),
    indices: Uint32Array.of(0, 2, 1),
    values: Float64Array.of(0.5, 2, 1),
  }
  // Weights of three features, then the intercept.
  const hyperplanes = [Float64Array.of(4, 8, 0, 1), Float64Array.of(0, 0, 3, 0), Float64Array.of(0, 0, 0, -1)]
  expect(decisionScores(rows, hyperplanes.map(withoutZeros))).toEqual(
    Float32Array.of(0.5 * 4 + 1, 2 * 3, -1, 8 + 1, 0, -1),
  )
})
