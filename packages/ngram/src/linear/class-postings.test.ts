import { createRandom } from '@kic/core'
import { expect, it } from 'vitest'
import { collectSparseRows } from '../text/sparse-rows.ts'
import { decisionScores, postingsOf } from './class-postings.ts'
import { decision } from './hyperplane.ts'
import { postingTensors, storedPostings } from './posting-tensors.ts'
import { quantize } from './quantize.ts'

const [FEATURES, CLASSES] = [300, 7]
const random = createRandom(1, 'postings')
const hyperplanes = Array.from({ length: CLASSES }, (_, label) =>
  Float64Array.from({ length: FEATURES + 1 }, () =>
    label === 3 || random.next() < 0.6 ? 0 : random.normal() * 10 ** (label - 3),
  ),
)
const rows = collectSparseRows(
  Array.from({ length: 20 }, (_, row) => row),
  (row) => Array.from({ length: row }, () => [random.int(FEATURES), random.normal()] as const),
  FEATURES,
)
const quantized = hyperplanes.map(quantize)

it('rounds each weight by at most half a step of its class, and keeps no zeros', () => {
  for (const [label, { features, weights, scale, intercept }] of quantized.entries()) {
    const dense = new Float64Array(FEATURES)
    features.forEach((feature, i) => {
      dense[feature] = scale * (weights[i] ?? 0)
    })
    const given = hyperplanes[label] ?? new Float64Array()
    dense.forEach((weight, feature) => {
      expect(Math.abs(weight - (given[feature] ?? Number.NaN))).toBeLessThanOrEqual(scale * 0.501)
    })
    expect(weights.every((weight) => weight !== 0)).toBe(true)
    expect(intercept).toBe(Math.fround(given[FEATURES] ?? Number.NaN))
  }
  expect(quantized[3]?.weights).toHaveLength(0)
})

it('scores as the rounded hyperplanes do, each row as if it were alone', () => {
  const postings = postingsOf(quantized, FEATURES)
  const scores = decisionScores(rows, postings)
  expect(scores).toHaveLength(20 * CLASSES)
  for (const [label, { features, weights, scale, intercept }] of quantized.entries()) {
    const dense = new Float64Array(FEATURES + 1)
    features.forEach((feature, i) => {
      dense[feature] = scale * (weights[i] ?? 0)
    })
    dense[FEATURES] = intercept
    for (let row = 0; row < 20; row++) {
      const expected = decision(rows, row, dense)
      expect(Math.abs((scores[row * CLASSES + label] ?? Number.NaN) - expected)).toBeLessThan(
        1e-6 * (1 + Math.abs(expected)),
      )
    }
  }
  for (let row = 0; row < 20; row++) {
    const alone = collectSparseRows(
      [row],
      () => {
        const [start, end] = [rows.offsets[row] ?? 0, rows.offsets[row + 1] ?? 0]
        return Array.from(
          { length: end - start },
          (_, i) => [rows.indices[start + i] ?? 0, rows.values[start + i] ?? 0] as const,
        )
      },
      FEATURES,
    )
    expect(decisionScores(alone, postings)).toEqual(scores.slice(row * CLASSES, (row + 1) * CLASSES))
  }
})

it('comes back from its tensors as it was', () => {
  const postings = postingsOf(quantized, FEATURES)
  expect(storedPostings(Object.fromEntries(postingTensors(postings)), FEATURES, CLASSES)).toEqual(postings)
})
