import { defaultPreparation, type TextPreparation } from '@kic/data/prepare'

/** Everything that decides what model comes out. */
export interface MiniSettings {
  /** Rows to generate. */
  readonly rows: number
  readonly seed: number
  /** Between the published imbalance of groups, 1, and equal shares, 0. */
  readonly balance: number
  /** Share of answers that fill one field only. */
  readonly singleField: number
  /** Pieces. */
  readonly vocabulary: number
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
  /** How texts are prepared. */
  readonly preparation: TextPreparation
}

/** The published model: what fits into 8 MB as int8, and into half an hour of two cores. */
export const settings: MiniSettings = {
  rows: 150_000,
  seed: 1,
  balance: 0.35,
  singleField: 0.5,
  vocabulary: 12_000,
  hidden: 160,
  layers: 2,
  heads: 2,
  epochs: 3,
  batchSize: 96,
  learningRate: 1.2e-3,
  initializerRange: 0.06,
  maxLength: 48,
  preparation: defaultPreparation,
}
