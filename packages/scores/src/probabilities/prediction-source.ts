import type { Probabilities } from './probabilities.ts'

/** Predictions of several members for the same rows. */
export interface PredictionBlock {
  /** Number of the first row. */
  readonly start: number
  /** In the order of the members. */
  readonly members: readonly Probabilities[]
}

/** Predictions of several members for the same rows, block by block; each call starts over. */
export type PredictionSource = () => Iterable<PredictionBlock> | AsyncIterable<PredictionBlock>

/** Predictions in memory as a source of one block. */
export const inMemory =
  (members: readonly Probabilities[]): PredictionSource =>
  () => [{ start: 0, members }]
