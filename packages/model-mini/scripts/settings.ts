import { defaultPreparation, type TextPreparation } from '@kic/data/prepare'

/** Everything that determines the model. */
export interface MiniSettings {
  /** Rows to generate. */
  readonly rows: number
  readonly seed: number
  /** From the published imbalance of groups, 1, to equal shares, 0. */
  readonly balance: number
  /** Share of answers with a single field. */
  readonly singleField: number
  /** Characters that have tokens. */
  readonly vocabulary: number
  /** Lengths of the n-grams of characters. */
  readonly ngramSizes: readonly number[]
  /** Rows of the table of n-grams. */
  readonly ngramBuckets: number
  /** H. */
  readonly hidden: number
  /** L. */
  readonly layers: number
  /** N. */
  readonly heads: number
  readonly epochs: number
  readonly batchSize: number
  readonly learningRate: number
  /** Standard deviation of fresh weights. */
  readonly initializerRange: number
  /** Longest row of tokens. */
  readonly maxLength: number
  /** Preparation of texts. */
  readonly preparation: TextPreparation
}

/** The published model, which fits into 8 MB as int8 and into half an hour on two cores. */
export const settings: MiniSettings = {
  rows: 1_600_000,
  seed: 1,
  balance: 0.35,
  singleField: 0.5,
  vocabulary: 4000,
  ngramSizes: [1, 2, 3, 4],
  ngramBuckets: 131_071,
  hidden: 48,
  layers: 1,
  heads: 2,
  epochs: 1,
  batchSize: 64,
  learningRate: 1.5e-3,
  initializerRange: 0.06,
  maxLength: 64,
  preparation: defaultPreparation,
}
