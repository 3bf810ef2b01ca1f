import type { SparseRows } from '../text/sparse-rows.ts'
import { type Hyperplane, squaredLengths, targetsOf } from './hyperplane.ts'
import { type LinearSvcOptions, separate } from './linear-svc.ts'

/** What every feature counts beside what was seen. */
const SMOOTHING = 1

/**
 * A support vector machine for each class against all others, on features weighted by naive Bayes: Wang & Manning 2012,
 * "Baselines and Bigrams", aclanthology.org/P12-2018, section 2.3. Before the machine of a class learns, each feature is
 * multiplied by the logarithm of its count ratio between the rows of the class and the others. The weights are of the features
 * as they are: the ratios are multiplied in. Without the paper's interpolation with the mean weight, which would leave no
 * weight zero.
 *
 * @param labels class number of each row of `train`
 */
export function* trainNbSvc(
  train: SparseRows,
  labels: Int32Array,
  classes: number,
  options: LinearSvcOptions = {},
): Generator<Hyperplane> {
  const values = new Float64Array(train.values.length)
  for (let label = 0; label < classes; label++) {
    const targets = targetsOf(labels, label)
    const ratio = logCountRatio(train, targets)
    for (let i = 0; i < values.length; i++)
      values[i] = (train.values[i] ?? 0) * (ratio[train.indices[i] ?? 0] ?? 0)
    const scaled = { ...train, values }
    const hyperplane = separate(scaled, targets, squaredLengths(scaled), options)
    for (let feature = 0; feature < ratio.length; feature++)
      hyperplane[feature] = (hyperplane[feature] ?? 0) * (ratio[feature] ?? 0)
    yield hyperplane
  }
}

/** ln((p / ‖p‖₁) / (q / ‖q‖₁)), [F], of the smoothed numbers p and q of rows with each feature, in the class and in the others. */
export const logCountRatio = (
  { rows, features, offsets, indices }: SparseRows,
  targets: Int8Array,
): Float64Array => {
  const p = new Float64Array(features).fill(SMOOTHING)
  const q = new Float64Array(features).fill(SMOOTHING)
  for (let row = 0; row < rows; row++) {
    const counts = targets[row] === 1 ? p : q
    for (let i = offsets[row] ?? 0; i < (offsets[row + 1] ?? 0); i++) {
      const feature = indices[i] ?? 0
      counts[feature] = (counts[feature] ?? 0) + 1
    }
  }
  const sum = (counts: Float64Array): number => counts.reduce((total, count) => total + count, 0)
  const shift = Math.log(sum(q)) - Math.log(sum(p))
  return p.map((count, feature) => Math.log(count) - Math.log(q[feature] ?? 0) + shift)
}
