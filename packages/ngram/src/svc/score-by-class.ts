import type { SparseRows } from '../text/sparse-rows.ts'
import { decision, type Hyperplane } from './linear-svc.ts'
import { fillWeights, type SparseHyperplane } from './sparse-hyperplane.ts'

/** Decision values of rows, taken class after class. */
export interface ClassScorer {
  /** [N, C] */
  readonly scores: Float32Array
  /** Computes the column of a class. */
  readonly add: (label: number, hyperplane: SparseHyperplane) => void
}

/** Scores rows by one hyperplane after the other, so that one alone has to be in memory. */
export const scoreByClass = (rows: SparseRows, classes: number): ClassScorer => {
  const scores = new Float32Array(rows.rows * classes)
  const dense: Hyperplane = new Float64Array(rows.features + 1)
  return {
    scores,
    add: (label, hyperplane) => {
      const erase = fillWeights(dense, hyperplane, rows)
      for (let row = 0; row < rows.rows; row++) scores[row * classes + label] = decision(rows, row, dense)
      erase()
    },
  }
}
