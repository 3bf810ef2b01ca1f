import { defined } from '@kic/core'
/** A differentiable function: writes its gradient at a point and returns its value. */
export type Objective = (at: Float64Array, gradient: Float64Array) => number

export interface MinimizeOptions {
  /** The search ends where no entry of the gradient is larger; entries that lead out of the bounds do not count. */
  readonly tolerance: number
  /** Default 500. */
  readonly maxIterations?: number | undefined
  /** The curvature along each coordinate, roughly: what the first step is scaled by. Default 1. */
  readonly curvature?: Float64Array | undefined
  /** Coordinates that stay at 0 or above, from the first one: so many. Default 0. */
  readonly nonNegative?: number | undefined
}

export interface Minimum {
  readonly at: Float64Array
  readonly value: number
  readonly iterations: number
  /** Whether the gradient fell below the tolerance. */
  readonly converged: boolean
}

/** Pairs of steps and changes of the gradient that are remembered. */
const MEMORY = 10
/** Armijo's share of the predicted decrease; halvings of a step. */
const [SUFFICIENT, HALVINGS] = [1e-4, 40]
/** The cosine of a step and the change of the gradient at which nothing curves. */
const FLAT = 1e-12
/** The share of a value that a sum of many terms may be off by. */
const ROUNDING = 1e-13
/** How near to 0 a coordinate is that the gradient drives there, at most. */
const NEAR = 1e-2

interface Pair {
  readonly step: Float64Array
  readonly change: Float64Array
}

/**
 * A minimum of a convex function by L-BFGS: Nocedal & Wright 2006, *Numerical Optimization*, algorithm 7.4, with
 * backtracking, and the approximate conditions of Hager & Zhang 2005, doi:10.1137/030601880, (4.1). Bounds by two-metric projection: coordinates near 0 that the gradient drives there go straight to 0, the
 * others follow the direction, and steps are projected (Bertsekas 1982, doi:10.1137/0320018).
 */
export const minimize = (
  objective: Objective,
  start: Float64Array,
  { tolerance, maxIterations = 500, curvature, nonNegative = 0 }: MinimizeOptions,
): Minimum => {
  const size = start.length
  let at = start.map((x, i) => (i < nonNegative ? Math.max(0, x) : x))
  let gradient = new Float64Array(size)
  let value = objective(at, gradient)
  let pairs: Pair[] = []
  const isHeld = (i: number): boolean => i < nonNegative && at[i] === 0 && (gradient[i] ?? 0) >= 0
  for (let iteration = 0; ; iteration++) {
    const largest = gradient.reduce((most, g, i) => (isHeld(i) ? most : Math.max(most, Math.abs(g))), 0)
    if (largest <= tolerance || iteration === maxIterations)
      return { at, value, iterations: iteration, converged: largest <= tolerance }
    const near = Math.min(NEAR, distanceToStationary(at, gradient, nonNegative))
    const free = gradient.map((g, i) => (i < nonNegative && (at[i] ?? 0) <= near && g > 0 ? 0 : 1))
    const direction = descent(gradient, free, pairs, curvature).map((x, i) =>
      free[i] === 0 ? -(at[i] ?? 0) : x,
    )
    const next = new Float64Array(size)
    const nextGradient = new Float64Array(size)
    let [scale, found] = [1, Number.NaN]
    let halvings = 0
    for (; halvings < HALVINGS; halvings++, scale /= 2) {
      let predicted = 0
      for (let i = 0; i < size; i++) {
        const moved = (at[i] ?? 0) + scale * (direction[i] ?? 0)
        const kept = i < nonNegative ? Math.max(0, moved) : moved
        predicted += (gradient[i] ?? 0) * (kept - (at[i] ?? 0))
        next[i] = kept
      }
      found = objective(next, nextGradient)
      if (predicted >= 0) continue
      if (found <= value + SUFFICIENT * predicted) break
      // Where rounding hides the decrease, slopes show it.
      const slope = nextGradient.reduce((sum, g, i) => sum + g * ((next[i] ?? 0) - (at[i] ?? 0)), 0)
      if (found <= value + ROUNDING * Math.abs(value) && slope <= (2 * SUFFICIENT - 1) * predicted) break
    }
    if (halvings === HALVINGS) {
      // Remembered pairs may mislead: once without them.
      if (pairs.length === 0) return { at, value, iterations: iteration, converged: false }
      pairs = []
      continue
    }
    const step = next.map((x, i) => x - (at[i] ?? 0))
    const change = nextGradient.map((g, i) => g - (gradient[i] ?? 0))
    pairs = [...pairs.slice(1 - MEMORY), { step, change }]
    ;[at, gradient, value] = [next, nextGradient, found]
  }
}

/** How far a step along the gradient leads within the bounds: 0 at a minimum. */
const distanceToStationary = (at: Float64Array, gradient: Float64Array, nonNegative: number): number => {
  let sum = 0
  for (let i = 0; i < nonNegative; i++) sum += Math.min(gradient[i] ?? 0, at[i] ?? 0) ** 2
  return Math.sqrt(sum)
}

/** −H · gradient over the free coordinates, H the inverse Hessian that the pairs tell of: the two-loop recursion. */
const descent = (
  gradient: Float64Array,
  free: Float64Array,
  pairs: readonly Pair[],
  curvature: Float64Array | undefined,
): Float64Array => {
  const kept = (x: Float64Array): Float64Array => x.map((y, i) => y * (free[i] ?? 0))
  const scaled = (x: Float64Array): Float64Array => x.map((y, i) => y / (curvature?.[i] ?? 1))
  const seen = pairs.flatMap((pair) => {
    const [step, change] = [kept(pair.step), kept(pair.change)]
    const product = dot(step, change)
    // Without curvature along the free coordinates a pair tells nothing of them.
    return product > FLAT * Math.sqrt(dot(step, step) * dot(change, change))
      ? [{ step, change, product }]
      : []
  })
  const direction = kept(gradient).map((g) => -g)
  const shares: number[] = []
  for (const { step, change, product } of seen.toReversed()) {
    const share = dot(step, direction) / product
    shares.push(share)
    add(direction, change, -share)
  }
  const last = seen.at(-1)
  const scale = last === undefined ? 1 : last.product / dot(last.change, scaled(last.change))
  direction.set(scaled(direction).map((x) => scale * x))
  for (const { step, change, product } of seen) {
    const share = defined(shares.pop())
    add(direction, step, share - dot(change, direction) / product)
  }
  return dot(direction, gradient) < 0 ? direction : scaled(kept(gradient)).map((g) => -g)
}

const dot = (a: Float64Array, b: Float64Array): number => {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0)
  return sum
}

const add = (to: Float64Array, what: Float64Array, factor: number): void => {
  for (let i = 0; i < to.length; i++) to[i] = (to[i] ?? 0) + factor * (what[i] ?? 0)
}
