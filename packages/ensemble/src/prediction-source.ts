import { checkedMembers, type Probabilities } from './probabilities.ts'

/** The same rows of every member. */
export interface PredictionBlock {
  /** Number of the first row. */
  readonly start: number
  /** In the order of the members. */
  readonly members: readonly Probabilities[]
}

/** Predictions of several members over the same rows, block by block; each call starts over. */
export type PredictionSource = () => Iterable<PredictionBlock> | AsyncIterable<PredictionBlock>

/**
 * Predictions in memory as a source of one block.
 *
 * @throws KicError `ensemble/no-members`, `ensemble/shape`
 */
export const inMemory = (members: readonly Probabilities[]): PredictionSource => {
  checkedMembers('inMemory', members)
  return () => [{ start: 0, members }]
}
