import type { Objective } from './minimize.ts'
import type { Stack } from './stack.ts'
import type { StackRows } from './stack-rows.ts'

/** Strengths of the penalties: ½ · strength · squared length, beside the sum of the rows' losses. */
export interface StackRidge {
  /** Of the weights' differences from equal ones, 1/K. */
  readonly weights: number
  /** Of biases; none without it. */
  readonly bias?: number | undefined
  /** Of deviations of the weights by class; none without it. */
  readonly deviations?: number | undefined
}

/** Cross-entropy of a stack over some rows with its penalties, as a function of its numbers. */
export interface StackObjective {
  /** Where the search begins: equal weights and zeros. */
  readonly start: Float64Array
  readonly objective: Objective
  /** The second derivative along each number at a point. */
  curvature(at: Float64Array): Float64Array
  /** −log p(label) of each row, [N]. */
  losses(at: Float64Array): Float64Array
  stack(at: Float64Array): Stack
}

/**
 * The numbers are laid out as weights [K], biases [C] and deviations [K, C], the latter two only with a penalty.
 *
 * @param included which rows count, [N]; default: all
 */
export const stackObjective = (
  rows: StackRows,
  ridge: StackRidge,
  included?: Uint8Array | undefined,
): StackObjective => {
  const { members: K, classes: C, slots: M, leading, sampledLog, classOf, logs } = rows
  const biasAt = ridge.bias === undefined ? -1 : K
  const deviationsAt = ridge.deviations === undefined ? -1 : K + (biasAt < 0 ? 0 : C)
  const size = K + (biasAt < 0 ? 0 : C) + (deviationsAt < 0 ? 0 : K * C)
  const strengthAt = (i: number): number =>
    i < K
      ? ridge.weights
      : deviationsAt >= 0 && i >= deviationsAt
        ? (ridge.deviations ?? 0)
        : (ridge.bias ?? 0)
  const strengths = Float64Array.from({ length: size }, (_, i) => strengthAt(i))
  const centre = Float64Array.from({ length: size }, (_, i) => (i < K ? 1 / K : 0))
  const probabilities = new Float64Array(M)

  /** Writes the probabilities of a row's classes and returns the loss of the first, the true one. */
  const forward = (row: number, at: Float64Array): number => {
    let most = Number.NEGATIVE_INFINITY
    for (let slot = 0; slot < M; slot++) {
      const c = classOf[row * M + slot] ?? 0
      const start = (row * M + slot) * K
      let logit = (slot < leading ? 0 : sampledLog) + (biasAt < 0 ? 0 : (at[biasAt + c] ?? 0))
      for (let k = 0; k < K; k++) logit += (at[k] ?? 0) * (logs[start + k] ?? 0)
      if (deviationsAt >= 0)
        for (let k = 0; k < K; k++) logit += (at[deviationsAt + k * C + c] ?? 0) * (logs[start + k] ?? 0)
      probabilities[slot] = logit
      if (logit > most) most = logit
    }
    const own = probabilities[0] ?? 0
    let sum = 0
    for (let slot = 0; slot < M; slot++) {
      const term = Math.exp((probabilities[slot] ?? 0) - most)
      probabilities[slot] = term
      sum += term
    }
    for (let slot = 0; slot < M; slot++) probabilities[slot] = (probabilities[slot] ?? 0) / sum
    return Math.log(sum) + most - own
  }

  const objective: Objective = (at, gradient) => {
    let value = 0
    for (let i = 0; i < size; i++) {
      const away = (at[i] ?? 0) - (centre[i] ?? 0)
      value += 0.5 * (strengths[i] ?? 0) * away * away
      gradient[i] = (strengths[i] ?? 0) * away
    }
    for (let row = 0; row < rows.rows; row++) {
      if (included !== undefined && included[row] === 0) continue
      value += forward(row, at)
      for (let slot = 0; slot < M; slot++) {
        const error = (probabilities[slot] ?? 0) - (slot === 0 ? 1 : 0)
        const c = classOf[row * M + slot] ?? 0
        const start = (row * M + slot) * K
        for (let k = 0; k < K; k++) gradient[k] = (gradient[k] ?? 0) + error * (logs[start + k] ?? 0)
        if (biasAt >= 0) gradient[biasAt + c] = (gradient[biasAt + c] ?? 0) + error
        if (deviationsAt < 0) continue
        for (let k = 0; k < K; k++) {
          const i = deviationsAt + k * C + c
          gradient[i] = (gradient[i] ?? 0) + error * (logs[start + k] ?? 0)
        }
      }
    }
    return value
  }

  const curvature = (at: Float64Array): Float64Array => {
    const sums = strengths.slice()
    for (let row = 0; row < rows.rows; row++) {
      if (included !== undefined && included[row] === 0) continue
      forward(row, at)
      for (let k = 0; k < K; k++) {
        let [mean, square] = [0, 0]
        for (let slot = 0; slot < M; slot++) {
          const [p, log] = [probabilities[slot] ?? 0, logs[(row * M + slot) * K + k] ?? 0]
          mean += p * log
          square += p * log * log
          if (deviationsAt < 0) continue
          const i = deviationsAt + k * C + (classOf[row * M + slot] ?? 0)
          sums[i] = (sums[i] ?? 0) + p * (1 - p) * log * log
        }
        sums[k] = (sums[k] ?? 0) + square - mean * mean
      }
      if (biasAt < 0) continue
      for (let slot = 0; slot < M; slot++) {
        const [p, i] = [probabilities[slot] ?? 0, biasAt + (classOf[row * M + slot] ?? 0)]
        sums[i] = (sums[i] ?? 0) + p * (1 - p)
      }
    }
    // Where members agree on all rows, or no row has a class, nothing curves without a penalty.
    return sums.map((sum) => Math.max(sum, 1e-6))
  }

  return {
    start: centre.slice(),
    objective,
    curvature,
    losses: (at) => Float64Array.from({ length: rows.rows }, (_, row) => forward(row, at)),
    stack: (at) => ({
      weights: Array.from(at.subarray(0, K)),
      bias: biasAt < 0 ? undefined : Array.from(at.subarray(biasAt, biasAt + C)),
      deviations:
        deviationsAt < 0
          ? undefined
          : Array.from({ length: K }, (_, k) =>
              Array.from(at.subarray(deviationsAt + k * C, deviationsAt + (k + 1) * C)),
            ),
    }),
  }
}
