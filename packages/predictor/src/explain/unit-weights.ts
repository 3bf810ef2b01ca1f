import type { Occlusion } from './occlusions.ts'

/** Keeps the system of equations solvable if units are always removed together. */
const RIDGE = 0.5

/**
 * The weight of each unit, by ridge regression: `effects[k]` is explained by the sum of the weights of the units that
 * occlusion k removes. It is a linear approximation around the text (Ribeiro et al. 2016, doi:10.1145/2939672.2939778),
 * not a decomposition: units interact.
 */
export const unitWeights = (
  units: number,
  removed: readonly Occlusion[],
  effects: readonly number[],
): Float64Array => {
  const width = units + 1
  // The normal equations, with their right side as the last column.
  const system = new Float64Array(units * width)
  const add = (row: number, column: number, value: number): void => {
    const at = row * width + column
    system[at] = (system[at] ?? Number.NaN) + value
  }
  for (let unit = 0; unit < units; unit++) add(unit, unit, RIDGE)
  for (const [k, places] of removed.entries()) {
    for (const row of places) {
      add(row, units, effects[k] ?? Number.NaN)
      for (const column of places) add(row, column, 1)
    }
  }
  return solve(system, units)
}

/** Gaussian elimination; a positive definite system needs no pivoting. */
const solve = (system: Float64Array, size: number): Float64Array => {
  const width = size + 1
  const at = (row: number, column: number): number => system[row * width + column] ?? Number.NaN
  for (let pivot = 0; pivot < size; pivot++) {
    for (let row = pivot + 1; row < size; row++) {
      const factor = at(row, pivot) / at(pivot, pivot)
      if (factor === 0) continue
      for (let column = pivot; column < width; column++)
        system[row * width + column] = at(row, column) - factor * at(pivot, column)
    }
  }
  const solution = new Float64Array(size)
  for (let row = size - 1; row >= 0; row--) {
    let rest = at(row, size)
    for (let column = row + 1; column < size; column++)
      rest -= at(row, column) * (solution[column] ?? Number.NaN)
    solution[row] = rest / at(row, row)
  }
  return solution
}
