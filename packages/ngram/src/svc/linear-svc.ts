import { createRandom } from '@kic/core'
import type { SparseRows } from '../text/sparse-rows.ts'

export interface LinearSvcOptions {
  /** What an error costs beside the weights' length; default 0.5. */
  readonly C?: number
  /** The search ends when no projected gradient differs by more; default 0.1, as in LIBLINEAR. */
  readonly tolerance?: number
  /** Default 200. */
  readonly maxPasses?: number
  readonly seed?: number
}

/** A weight for each feature, then the intercept, [F + 1]. */
export type Hyperplane = Float64Array

/**
 * A linear support vector machine with squared hinge loss for each class against all others, by dual coordinate descent
 * with shrinking: Hsieh et al. 2008, "A Dual Coordinate Descent Method for Large-scale Linear SVM", algorithms 1 and 3.
 * The intercept is learned as the weight of a feature that is always 1.
 *
 * Classes are learned one after the other, so that a caller can put each away before the next.
 *
 * @param labels class number of each row of `train`
 */
export function* trainLinearSvc(
  train: SparseRows,
  labels: Int32Array,
  classes: number,
  options: LinearSvcOptions = {},
): Generator<Hyperplane> {
  const squared = squaredLengths(train)
  for (let label = 0; label < classes; label++) {
    const targets = Int8Array.from(labels, (own) => (own === label ? 1 : -1))
    yield separate(train, targets, squared, options)
  }
}

/** The squared length of each row, with the feature of the intercept. */
const squaredLengths = ({ rows, offsets, values }: SparseRows): Float64Array => {
  const squared = new Float64Array(rows).fill(1)
  for (let row = 0; row < rows; row++)
    for (let i = offsets[row] ?? 0; i < (offsets[row + 1] ?? 0); i++)
      squared[row] = (squared[row] ?? 0) + (values[i] ?? 0) ** 2
  return squared
}

/** How far a row is on the class's side of its hyperplane. */
export const decision = (
  { offsets, indices, values }: SparseRows,
  row: number,
  weights: Hyperplane,
): number => {
  let sum = weights[weights.length - 1] ?? 0
  const end = offsets[row + 1] ?? 0
  for (let i = offsets[row] ?? 0; i < end; i++) sum += (values[i] ?? 0) * (weights[indices[i] ?? 0] ?? 0)
  return sum
}

const separate = (
  rows: SparseRows,
  targets: Int8Array,
  squared: Float64Array,
  { C = 0.5, tolerance = 0.1, maxPasses = 200, seed = 0 }: LinearSvcOptions,
): Hyperplane => {
  const { offsets, indices, values } = rows
  const random = createRandom(seed)
  const weights = new Float64Array(rows.features + 1)
  const alpha = new Float64Array(rows.rows)
  const diagonal = 1 / (2 * C)
  const active = Uint32Array.from({ length: rows.rows }, (_, i) => i)
  let [size, largestBefore] = [rows.rows, Number.POSITIVE_INFINITY]
  for (let pass = 0; pass < maxPasses; pass++) {
    let [largest, smallest] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
    for (let at = 0; at < size; at++) {
      const other = at + random.int(size - at)
      const row = active[other] ?? 0
      active[other] = active[at] ?? 0
      active[at] = row
      const target = targets[row] ?? 0
      const own = alpha[row] ?? 0
      const gradient = target * decision(rows, row, weights) - 1 + own * diagonal
      if (own === 0 && gradient > largestBefore) {
        // Far on the right side: out, until the last check.
        size--
        active[at] = active[size] ?? 0
        active[size] = row
        at--
        continue
      }
      const projected = own === 0 ? Math.min(gradient, 0) : gradient
      largest = Math.max(largest, projected)
      smallest = Math.min(smallest, projected)
      if (Math.abs(projected) < 1e-12) continue
      const next = Math.max(own - gradient / ((squared[row] ?? 0) + diagonal), 0)
      alpha[row] = next
      const step = (next - own) * target
      const end = offsets[row + 1] ?? 0
      for (let i = offsets[row] ?? 0; i < end; i++) {
        const index = indices[i] ?? 0
        weights[index] = (weights[index] ?? 0) + step * (values[i] ?? 0)
      }
      weights[rows.features] = (weights[rows.features] ?? 0) + step
    }
    if (largest - smallest <= tolerance) {
      if (size === rows.rows) break
      size = rows.rows
      largestBefore = Number.POSITIVE_INFINITY
      continue
    }
    largestBefore = largest > 0 ? largest : Number.POSITIVE_INFINITY
  }
  return weights
}
