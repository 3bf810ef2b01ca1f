import { createRandom, defined } from '@kic/core'
import { minimize } from './minimize.ts'
import { rowFolds } from './row-folds.ts'
import { type StackRidge, stackObjective } from './stack-objective.ts'
import { type StackRows, someRows } from './stack-rows.ts'

const FOLDS = 5
/** A penalty is a belief about the numbers, whatever the rows are: it is chosen on so many, and holds for all. */
const MOST_ROWS = 5_000
/** Strengths that are tried, strongest first. */
const WEIGHTS = [100, 10]
const SAFE = 10
const BIAS = [100, 10, 1]
const DEVIATIONS = [1000, 100, 10]
/** The gradient of the mean loss at which an inner fit ends: what is compared are losses, which are flat there. */
const TOLERANCE = 1e-4

interface ChooseRidgeOptions {
  /** The group of each row, [N]. */
  readonly groups: ArrayLike<number>
  readonly seed: number
  readonly nonNegative: boolean
}

export interface RidgeChoice {
  readonly ridge: StackRidge
  /** −log p(label) of each row by a stack that did not see it. */
  readonly losses: Float64Array
  /** The numbers of each fold's stack; none where nothing could be judged. */
  readonly found: readonly Float64Array[]
}

/**
 * Penalties with the least cross-entropy on rows that the fit did not see, by five-fold cross-validation. Biases, and then
 * deviations, are taken only where they gain more than one standard error (Breiman et al. 1984, section 3.4.3).
 */
export const chooseRidge = (
  all: StackRows,
  { groups, seed, nonNegative }: ChooseRidgeOptions,
): RidgeChoice => {
  const used = createRandom(seed, 'rows').shuffle(Array.from(all.source.keys())).slice(0, MOST_ROWS)
  const rows = someRows(all, used)
  const groupsOfRows = used.map((row) => defined(groups[row]))
  const distinct = new Set(groupsOfRows).size
  // One text alone judges nothing.
  if (distinct < 2) return { ridge: { weights: SAFE }, losses: new Float64Array(0), found: [] }
  const folds = rowFolds(groupsOfRows, Math.min(FOLDS, distinct), seed)
  /** From strong penalties to weak ones, as long as it helps; each begins where the one before ended. */
  const best = (ridges: readonly StackRidge[], from?: RidgeChoice | undefined): RidgeChoice => {
    let [found, last] = [from, from]
    for (const ridge of ridges) {
      last = judged(rows, ridge, { folds, nonNegative, from: last })
      if (found !== undefined && found !== from && sum(last.losses) >= sum(found.losses)) break
      found = last
    }
    return defined(found)
  }
  const plain = best(WEIGHTS.map((weights) => ({ weights })))
  const biased = better(
    plain,
    best(
      BIAS.map((bias) => ({ ...plain.ridge, bias })),
      plain,
    ),
  )
  return better(
    biased,
    best(
      DEVIATIONS.map((deviations) => ({ ...biased.ridge, deviations })),
      biased,
    ),
  )
}

/** The second where it gains more than a standard error. */
const better = (first: RidgeChoice, second: RidgeChoice): RidgeChoice => {
  const gains = first.losses.map((loss, i) => loss - defined(second.losses[i]))
  const gain = sum(gains) / gains.length
  const variance = gains.reduce((total, one) => total + (one - gain) ** 2, 0) / gains.length
  return gain > Math.sqrt(variance / gains.length) ? second : first
}

const sum = (values: Float64Array): number => values.reduce((a, b) => a + b, 0)

interface JudgeOptions {
  readonly folds: Int32Array
  readonly nonNegative: boolean
  /** A choice without the numbers that come last in this one. */
  readonly from: RidgeChoice | undefined
}

const judged = (
  rows: StackRows,
  ridge: StackRidge,
  { folds, nonNegative, from }: JudgeOptions,
): RidgeChoice => {
  const losses = new Float64Array(rows.rows)
  const most = folds.reduce((last, fold) => Math.max(last, fold), 0)
  const found = Array.from({ length: most + 1 }, (_, fold) => {
    const included = Uint8Array.from(folds, (own) => Number(own !== fold))
    const { objective, start, curvature, losses: lossesAt } = stackObjective(rows, ridge, included)
    if (from !== undefined) start.set(defined(from.found[fold]))
    const { at } = minimize(objective, start, {
      tolerance: TOLERANCE * rows.rows,
      curvature: curvature(start),
      nonNegative: nonNegative ? rows.members : 0,
    })
    const all = lossesAt(at)
    folds.forEach((own, row) => {
      if (own === fold) losses[row] = defined(all[row])
    })
    return at
  })
  return { ridge, losses, found }
}
