import { createRandom } from '@kic/core'
import type { SparseRows } from '../text/sparse-rows.ts'
import { addRow, decision, type Hyperplane, squaredLengths, targetsOf } from './hyperplane.ts'
import type { LinearSvcOptions } from './linear-svc.ts'

/** Newton steps of one subproblem. */
const MOST_STEPS = 100

/**
 * L2-regularised logistic regression for each class against all others, by dual coordinate descent: Yu, Huang & Lin 2011,
 * "Dual coordinate descent methods for logistic regression and maximum entropy models", algorithm 5. The intercept is learned
 * as the weight of a feature that is always 1.
 *
 * Classes are learned one after the other, so that a caller can put each away before the next.
 *
 * @param labels class number of each row of `train`
 */
export function* trainLogisticRegression(
  train: SparseRows,
  labels: Int32Array,
  classes: number,
  options: LinearSvcOptions = {},
): Generator<Hyperplane> {
  const squared = squaredLengths(train)
  for (let label = 0; label < classes; label++)
    yield regress(train, targetsOf(labels, label), squared, options)
}

const regress = (
  rows: SparseRows,
  targets: Int8Array,
  squared: Float64Array,
  { C = 0.5, tolerance = 0.1, maxPasses = 200, seed = 0 }: LinearSvcOptions,
): Hyperplane => {
  const random = createRandom(seed)
  const weights = new Float64Array(rows.features + 1)
  // Each row has two dual variables, whose sum is C.
  const alpha = new Float64Array(rows.rows).fill(Math.min(0.001 * C, 1e-8))
  for (let row = 0; row < rows.rows; row++)
    addRow(rows, row, (targets[row] ?? 0) * (alpha[row] ?? 0), weights)
  const order = Uint32Array.from({ length: rows.rows }, (_, row) => row)
  let accuracy = 1e-2
  for (let pass = 0; pass < maxPasses; pass++) {
    let [largest, steps] = [0, 0]
    for (let at = 0; at < order.length; at++) {
      const other = at + random.int(order.length - at)
      const row = order[other] ?? 0
      order[other] = order[at] ?? 0
      order[at] = row
      const target = targets[row] ?? 0
      const own = alpha[row] ?? 0
      const a = squared[row] ?? 0
      const b = target * decision(rows, row, weights)
      // Of the two variables the one that is to become the smaller, in which Newton's steps are well conditioned.
      const isFirst = 0.5 * a * (C - 2 * own) + b >= 0
      const sign = isFirst ? 1 : -1
      const before = isFirst ? own : C - own
      let z = C - before < 0.5 * C ? 0.1 * before : before
      const slopeAt = (value: number): number =>
        a * (value - before) + sign * b + Math.log(value / (C - value))
      let slope = slopeAt(z)
      largest = Math.max(largest, Math.abs(slope))
      let inner = 0
      for (; inner <= MOST_STEPS && Math.abs(slope) >= accuracy; inner++) {
        const next = z - slope / (a + C / (C - z) / z)
        z = next <= 0 ? 0.1 * z : next
        slope = slopeAt(z)
      }
      if (inner === 0) continue
      steps += inner
      alpha[row] = isFirst ? z : C - z
      addRow(rows, row, sign * (z - before) * target, weights)
    }
    if (largest < tolerance) break
    if (steps <= rows.rows / 10) accuracy = Math.max(Math.min(1e-8, tolerance), 0.1 * accuracy)
  }
  return weights
}
