import { createRandom } from '@kic/core'
import { expect, it } from 'vitest'
import type { SparseRows } from '../text/sparse-rows.ts'
import { fillWeights, withoutZeros } from './sparse-hyperplane.ts'

const FEATURES = 1000
const random = createRandom(1, 'hyperplane')
const hyperplane = Float64Array.from({ length: FEATURES + 1 }, (_, feature) =>
  feature === FEATURES || random.next() < 0.6 ? Math.fround(random.normal()) : 0,
)
const rowsThatRead = (indices: readonly number[]): SparseRows => ({
  rows: 1,
  features: FEATURES,
  offsets: Uint32Array.of(0, indices.length),
  indices: Uint32Array.from(indices),
  values: new Float64Array(indices.length).fill(1),
})

it.each([0, 1, 20, 900])('fills in what rows of %i features read, and erases it', (count) => {
  const rows = rowsThatRead(Array.from({ length: count }, () => random.int(FEATURES)))
  const dense = new Float64Array(FEATURES + 1)
  const erase = fillWeights(dense, withoutZeros(hyperplane), rows)
  for (const feature of [...rows.indices, FEATURES]) expect(dense[feature]).toBe(hyperplane[feature])
  if (count < 30) expect(dense.filter((weight) => weight !== 0).length).toBeLessThan(30)
  erase()
  expect(dense).toEqual(new Float64Array(FEATURES + 1))
})

it('keeps no zeros', () => {
  const { features, weights } = withoutZeros(Float64Array.of(0, 2, 0, 0.1))
  expect(features).toEqual(Int32Array.of(1, 3))
  expect(weights).toEqual(Float32Array.of(2, 0.1))
})
