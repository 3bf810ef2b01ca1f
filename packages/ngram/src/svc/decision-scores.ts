import type { SparseRows } from '../text/sparse-rows.ts'
import { decision, type Hyperplane } from './linear-svc.ts'
import { fillWeights, type SparseHyperplane } from './sparse-hyperplane.ts'

/** How far each row is on the side of each class: decision values, [N, C]. */
export const decisionScores = (rows: SparseRows, hyperplanes: readonly SparseHyperplane[]): Float32Array => {
  const classes = hyperplanes.length
  const scores = new Float32Array(rows.rows * classes)
  const dense: Hyperplane = new Float64Array(rows.features + 1)
  for (const [label, hyperplane] of hyperplanes.entries()) {
    const erase = fillWeights(dense, hyperplane, rows)
    for (let row = 0; row < rows.rows; row++) scores[row * classes + label] = decision(rows, row, dense)
    erase()
  }
  return scores
}
