import type { SparseRows } from '../text/sparse-rows.ts'

/** A weight for each feature, then the intercept, [F + 1]. */
export type Hyperplane = Float64Array

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

/** Adds a multiple of a row, and of the intercept's feature, to the weights. */
export const addRow = (
  { offsets, indices, values, features }: SparseRows,
  row: number,
  step: number,
  weights: Hyperplane,
): void => {
  const end = offsets[row + 1] ?? 0
  for (let i = offsets[row] ?? 0; i < end; i++) {
    const index = indices[i] ?? 0
    weights[index] = (weights[index] ?? 0) + step * (values[i] ?? 0)
  }
  weights[features] = (weights[features] ?? 0) + step
}

/** The squared length of each row, with the feature of the intercept, which is always 1. */
export const squaredLengths = ({ rows, offsets, values }: SparseRows): Float64Array => {
  const squared = new Float64Array(rows).fill(1)
  for (let row = 0; row < rows; row++)
    for (let i = offsets[row] ?? 0; i < (offsets[row + 1] ?? 0); i++)
      squared[row] = (squared[row] ?? 0) + (values[i] ?? 0) ** 2
  return squared
}

/** 1 for the rows of a class, -1 for the others. */
export const targetsOf = (labels: Int32Array, label: number): Int8Array =>
  Int8Array.from(labels, (own) => (own === label ? 1 : -1))
