import { createRandom } from '@kic/core'
import type { SparseRows } from '../text/sparse-rows.ts'
import { addRow, decision, type Hyperplane, squaredLengths, targetsOf } from './hyperplane.ts'

export interface LinearSvcOptions {
  /** What an error costs beside the weights' length; default 0.5. */
  readonly C?: number
  /** The search ends when no projected gradient differs by more; default 0.1, as in LIBLINEAR. */
  readonly tolerance?: number
  /** Default 200. */
  readonly maxPasses?: number
  readonly seed?: number
}

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
    yield separate(train, targetsOf(labels, label), squared, options)
  }
}

/** The hyperplane of one class against all others. */
export const separate = (
  rows: SparseRows,
  targets: Int8Array,
  squared: Float64Array,
  { C = 0.5, tolerance = 0.1, maxPasses = 200, seed = 0 }: LinearSvcOptions,
): Hyperplane => {
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
      addRow(rows, row, (next - own) * target, weights)
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
