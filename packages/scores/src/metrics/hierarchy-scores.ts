import { KicError } from '@kic/core'
import { type ClassificationScores, classificationScores } from './classification-scores.ts'
import { checkRows } from './rows.ts'

/** Hierarchical precision, recall and their harmonic mean. */
export interface HierarchicalScores {
  readonly precision: number
  readonly recall: number
  readonly f1: number
}

/**
 * The classes that rows belong to at each level, from their own upwards.
 *
 * @param parents for each step upwards, the parent's number of each class: `[groupToDivision, divisionToSection]`
 * @throws KicError `trainer/metric-label` for a class without a parent.
 */
export const classesPerLevel = (
  classes: ArrayLike<number>,
  parents: readonly ArrayLike<number>[],
): readonly Int32Array[] => {
  const levels = [Int32Array.from(classes)]
  for (const [level, parent] of parents.entries()) {
    const below = levels[level] ?? new Int32Array(0)
    levels.push(
      below.map((label) => {
        const above = parent[label]
        if (above !== undefined) return above
        throw new KicError(
          'trainer/metric-label',
          `classesPerLevel: class ${label} of level ${level} has no parent; parents[${level}] has ${parent.length} entries`,
        )
      }),
    )
  }
  return levels
}

/** `classificationScores` at each level, from the rows' own upwards; parents as in `classesPerLevel`. */
export const scoresPerLevel = (
  predicted: ArrayLike<number>,
  actual: ArrayLike<number>,
  parents: readonly ArrayLike<number>[],
): readonly ClassificationScores[] => {
  const truth = classesPerLevel(actual, parents)
  return classesPerLevel(predicted, parents).map((level, i) => classificationScores(level, truth[i] ?? []))
}

/**
 * Hierarchical scores (Kiritchenko, Matwin & Famili 2005): a node stands for itself and its ancestors, and precision and
 * recall compare these sets, summed over all rows. A wrong group of the right division costs a third, not everything.
 *
 * Where all nodes are equally deep, precision and recall are equal.
 *
 * @param parent the parent's number of each node, -1 for a root
 * @throws KicError `trainer/metric-shape`, `trainer/metric-label` for a node that there is not, or one in a circle.
 */
export const hierarchicalScores = (
  predicted: ArrayLike<number>,
  actual: ArrayLike<number>,
  parent: ArrayLike<number>,
): HierarchicalScores => {
  checkRows('hierarchicalScores', predicted.length, actual.length)
  const known = new Map<number, ReadonlySet<number>>()
  const withAncestors = (node: number): ReadonlySet<number> => {
    const found = known.get(node) ?? lineage(node, parent)
    known.set(node, found)
    return found
  }
  let [common, guessed, there] = [0, 0, 0]
  for (let row = 0; row < actual.length; row++) {
    const [p, t] = [withAncestors(predicted[row] ?? -1), withAncestors(actual[row] ?? -1)]
    guessed += p.size
    there += t.size
    for (const node of p) if (t.has(node)) common++
  }
  return { precision: common / guessed, recall: common / there, f1: (2 * common) / (guessed + there) }
}

const lineage = (node: number, parent: ArrayLike<number>): ReadonlySet<number> => {
  const nodes = new Set<number>()
  for (let at = node; at !== -1 || nodes.size === 0; ) {
    const above = parent[at]
    if (above === undefined || nodes.has(at)) {
      throw new KicError(
        'trainer/metric-label',
        `hierarchicalScores: node ${at} ${above === undefined ? 'does not exist' : 'is its own ancestor'}; there are ${parent.length} parents`,
      )
    }
    nodes.add(at)
    at = above
  }
  return nodes
}
