import type { AncestorLevel } from '@kic/classification'
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
 * The classes that rows belong to at each level, in the order of the levels.
 *
 * @param classes class numbers of the rows at the levels' finest
 * @param levels as `ancestorLevels` of `@kic/classification` gives them
 * @throws KicError `trainer/metric-label` for a class without an ancestor.
 */
export const classesPerLevel = (
  classes: ArrayLike<number>,
  levels: readonly AncestorLevel[],
): readonly Int32Array[] =>
  levels.map(({ name, ofClass }) =>
    Int32Array.from(classes, (label) => {
      const ancestor = ofClass[label]
      if (ancestor !== undefined) return ancestor
      throw new KicError(
        'trainer/metric-label',
        `classesPerLevel: a class must have an ancestor at the level '${name}', received class ${label} of ` +
          `${ofClass.length}. Give levels above the classes that rows have.`,
      )
    }),
  )

/** `classificationScores` at each level, in the order of the levels; levels as in `classesPerLevel`. */
export const scoresPerLevel = (
  predicted: ArrayLike<number>,
  actual: ArrayLike<number>,
  levels: readonly AncestorLevel[],
): readonly ClassificationScores[] => {
  const truth = classesPerLevel(actual, levels)
  return classesPerLevel(predicted, levels).map((level, i) => classificationScores(level, truth[i] ?? []))
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
