import { createRandom, defined } from '@kic/core'

/**
 * A fold for each of some rows, in random order from the seed. Rows of one group share a fold: equal texts on both sides
 * would judge a memory.
 *
 * @param groups the group of each row
 */
export const rowFolds = (groups: ArrayLike<number>, folds: number, seed: number): Int32Array => {
  const distinct = createRandom(seed, 'folds').shuffle([...new Set(Array.from(groups))])
  const foldOf = new Map(distinct.map((group, i) => [group, i % folds]))
  return Int32Array.from(groups, (group) => defined(foldOf.get(group)))
}
