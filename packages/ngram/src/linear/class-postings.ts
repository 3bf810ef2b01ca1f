import type { SparseRows } from '../text/sparse-rows.ts'
import type { QuantizedHyperplane } from './quantize.ts'

/** The weights of all classes by feature, an inverted index: a row reads those of its features alone. */
export interface ClassPostings {
  /** Where each feature's postings begin, and at last where they end, [F + 1]. */
  readonly offsets: Int32Array
  /** Class numbers, ascending within a feature. */
  readonly classes: Uint16Array | Int32Array
  /** Multiples of the class's scale. */
  readonly weights: Int8Array
  /** [C] */
  readonly scales: Float32Array
  /** [C] */
  readonly intercepts: Float32Array
}

/** An array for class numbers. */
export const classNumbers = (length: number, classes: number): ClassPostings['classes'] =>
  classes <= 0x1_00_00 ? new Uint16Array(length) : new Int32Array(length)

/**
 * The postings of hyperplanes, one for each class.
 *
 * @param features F
 */
export const postingsOf = (hyperplanes: readonly QuantizedHyperplane[], features: number): ClassPostings => {
  const offsets = new Int32Array(features + 1)
  for (const hyperplane of hyperplanes)
    for (const feature of hyperplane.features) offsets[feature + 1] = (offsets[feature + 1] ?? 0) + 1
  for (let feature = 0; feature < features; feature++)
    offsets[feature + 1] = (offsets[feature + 1] ?? 0) + (offsets[feature] ?? 0)
  const total = offsets[features] ?? 0
  const classes = classNumbers(total, hyperplanes.length)
  const weights = new Int8Array(total)
  const next = offsets.slice()
  for (const [label, hyperplane] of hyperplanes.entries()) {
    hyperplane.features.forEach((feature, i) => {
      const at = next[feature] ?? 0
      classes[at] = label
      weights[at] = hyperplane.weights[i] ?? 0
      next[feature] = at + 1
    })
  }
  return {
    offsets,
    classes,
    weights,
    scales: Float32Array.from(hyperplanes, ({ scale }) => scale),
    intercepts: Float32Array.from(hyperplanes, ({ intercept }) => intercept),
  }
}

/** How far each row is on the side of each class: decision values, [N, C]. A row's do not depend on other rows. */
export const decisionScores = (
  { rows, offsets, indices, values }: SparseRows,
  { offsets: starts, classes, weights, scales, intercepts }: ClassPostings,
): Float32Array => {
  const count = scales.length
  const scores = new Float32Array(rows * count)
  const sums = new Float64Array(count)
  for (let row = 0; row < rows; row++) {
    sums.fill(0)
    const end = offsets[row + 1] ?? 0
    for (let i = offsets[row] ?? 0; i < end; i++) {
      const feature = indices[i] ?? 0
      const value = values[i] ?? 0
      const last = starts[feature + 1] ?? 0
      for (let at = starts[feature] ?? 0; at < last; at++) {
        const label = classes[at] ?? 0
        sums[label] = (sums[label] ?? 0) + value * (weights[at] ?? 0)
      }
    }
    for (let c = 0; c < count; c++)
      scores[row * count + c] = (intercepts[c] ?? 0) + (scales[c] ?? 0) * (sums[c] ?? 0)
  }
  return scores
}

/** A feature's weight for each class, [C]. */
export const weightsOfFeature = (
  { offsets, classes, weights, scales }: ClassPostings,
  feature: number,
): Float64Array => {
  const found = new Float64Array(scales.length)
  const end = offsets[feature + 1] ?? 0
  for (let at = offsets[feature] ?? 0; at < end; at++) {
    const label = classes[at] ?? 0
    found[label] = (weights[at] ?? 0) * (scales[label] ?? 0)
  }
  return found
}
