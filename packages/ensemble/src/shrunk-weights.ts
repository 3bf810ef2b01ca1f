import { defined } from '@kic/core'
import { inMemory, logProbability, type Probabilities } from '@kic/scores'
import { selectMembers } from './select-members.ts'
import { rowFolds } from './stacking/row-folds.ts'

/** How far weights are moved towards equal ones, farthest first. */
const SHARES = [1, 0.75, 0.5, 0.25, 0]
const FOLDS = 5

export interface ShrunkWeightsOptions {
  /** The group of each row, [N]: rows of one group share a fold. */
  readonly groups: ArrayLike<number>
  readonly seed: number
}

/**
 * Weights by greedy selection for the least log-loss, moved towards equal weights of the members selected. How far is chosen by
 * five-fold cross-validation: each fold is judged by weights of the others. Greedier weights are taken only where they gain
 * more than one standard error (Breiman et al. 1984, section 3.4.3).
 *
 * @param members probabilities of one level, [N, C]
 * @param labels class number of each row, or -1, [N]
 * @throws KicError as `selectMembers`
 */
export const shrunkWeights = async (
  members: readonly Probabilities[],
  labels: Int32Array,
  { groups, seed }: ShrunkWeightsOptions,
): Promise<readonly number[]> => {
  const { weights } = await selectMembers(inMemory(members), labels, { metric: 'log-loss' })
  const known = Array.from(labels.keys()).filter((row) => defined(labels[row]) >= 0)
  const groupsOfKnown = known.map((row) => defined(groups[row]))
  const distinct = new Set(groupsOfKnown).size
  // One text alone judges nothing.
  if (distinct < 2) return weights
  // The log-loss depends on the probabilities of the true classes alone, [K][N].
  const ofTruth = members.map(({ data, classes }) =>
    Float32Array.from(known, (row) => defined(data[row * classes + defined(labels[row])])),
  )
  const folds = rowFolds(groupsOfKnown, Math.min(FOLDS, distinct), seed)
  const losses = SHARES.map(() => new Float64Array(known.length))
  for (let fold = 0; fold < Math.min(FOLDS, distinct); fold++) {
    const learned = ofTruth.map((own) => own.filter((_, row) => folds[row] !== fold))
    const rows = defined(learned[0]).length
    const found = await selectMembers(
      inMemory(learned.map((data) => ({ rows, classes: 1, data }))),
      new Int32Array(rows),
      { metric: 'log-loss' },
    )
    SHARES.forEach((share, i) => {
      const own = moved(found.weights, share)
      const total = own.reduce((a, b) => a + b, 0)
      folds.forEach((foldOfRow, row) => {
        if (foldOfRow !== fold) return
        const sum = own.reduce((all, weight, k) => all + weight * defined(ofTruth[k]?.[row]), 0)
        defined(losses[i])[row] = -logProbability(sum / total)
      })
    })
  }
  let best = 0
  for (let i = 1; i < SHARES.length; i++)
    if (gainsMore(defined(losses[best]), defined(losses[i]), groupsOfKnown)) best = i
  return moved(weights, defined(SHARES[best]))
}

/** Weights of the members selected, moved by a share of the way to their mean. */
const moved = (weights: readonly number[], share: number): readonly number[] => {
  const selected = weights.filter((weight) => weight > 0)
  const mean = selected.reduce((a, b) => a + b, 0) / selected.length
  return weights.map((weight) => (weight > 0 ? (1 - share) * weight + share * mean : 0))
}

/** Whether the second losses are lower by more than a standard error; rows of one group are one piece of evidence. */
const gainsMore = (first: Float64Array, second: Float64Array, groups: readonly number[]): boolean => {
  const gains = new Map<number, number>()
  groups.forEach((group, row) => {
    gains.set(group, (gains.get(group) ?? 0) + defined(first[row]) - defined(second[row]))
  })
  const all = [...gains.values()]
  const gain = all.reduce((a, b) => a + b, 0)
  const variance = all.reduce((sum, one) => sum + (one - gain / all.length) ** 2, 0)
  return gain > Math.sqrt(variance)
}
