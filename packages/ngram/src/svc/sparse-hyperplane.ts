import type { SparseRows } from '../text/sparse-rows.ts'
import type { Hyperplane } from './linear-svc.ts'

/** A hyperplane without its zeros: most n-grams say nothing about a class. */
export interface SparseHyperplane {
  /** Ascending; the number after the last n-gram's is the intercept's. */
  readonly features: Int32Array
  readonly weights: Float32Array
}

/** The weights that are not zero, as float32. */
export const withoutZeros = (hyperplane: Hyperplane): SparseHyperplane => {
  const features = Int32Array.from(hyperplane.keys()).filter((feature) => hyperplane[feature] !== 0)
  return { features, weights: Float32Array.from(features, (feature) => hyperplane[feature] ?? 0) }
}

/** Comparisons of a binary search among the weights of a class, roughly. */
const COMPARISONS = 16

/** Writes those weights that rows read into `dense`, which is zero elsewhere, and gives back how to erase them. */
export const fillWeights = (
  dense: Hyperplane,
  { features, weights }: SparseHyperplane,
  { indices }: SparseRows,
): (() => void) => {
  const intercept = dense.length - 1
  // A few rows read a few of the weights, many rows most of them.
  const filled = indices.length * COMPARISONS < features.length ? [...indices, intercept] : undefined
  if (filled === undefined) {
    for (let i = 0; i < features.length; i++) dense[features[i] ?? 0] = weights[i] ?? 0
  } else {
    for (const feature of filled) dense[feature] = weights[placeOf(features, feature)] ?? 0
  }
  return () => {
    for (const feature of filled ?? features) dense[feature] = 0
  }
}

/** Where a number is in an ascending list; -1 where it is not. */
const placeOf = (list: Int32Array, wanted: number): number => {
  let [low, high] = [0, list.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((list[middle] ?? 0) < wanted) low = middle + 1
    else high = middle
  }
  return list[low] === wanted ? low : -1
}
