import { scoresError } from '../scores-error.ts'
import { checkRows } from './check-rows.ts'

/** Hierarchical precision, recall and their harmonic mean. */
export interface HierarchicalScores {
  readonly precision: number
  readonly recall: number
  readonly f1: number
}

/**
 * Hierarchical scores (Kiritchenko, Matwin & Famili 2005): a node represents itself and its ancestors, and precision
 * and recall compare these sets, summed over all rows. A wrong group of the right division costs a third, not
 * everything.
 *
 * Where all nodes are equally deep, precision and recall are equal.
 *
 * @param parent the parent's number of each node, -1 for a root
 * @throws KicError `scores/shape`, `scores/labels` for a node that does not exist, or is its own ancestor.
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
      throw scoresError(
        'scores/labels',
        `hierarchicalScores: node ${at} ${above === undefined ? 'does not exist' : 'is its own ancestor'}, ` +
          `received ${parent.length} parents. Give a parent for each node, and -1 for roots.`,
      )
    }
    nodes.add(at)
    at = above
  }
  return nodes
}
