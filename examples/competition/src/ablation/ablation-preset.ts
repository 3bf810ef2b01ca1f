import { fromScratchTapt, type TaptPreset } from '@kic/tapt'

/** An ablation as data. */
export interface AblationPreset {
  readonly name: string
  /** Rows to generate, when no data is given. */
  readonly generatedRows: number
  /** At most so many training rows are used of given data. */
  readonly maxTrainingRows: number
  readonly vocabulary: number
  readonly maxLength: number
  /** H of every encoder. */
  readonly hidden: number
  readonly layers: number
  /** Attention heads. */
  readonly heads: number
  /** Standard deviation of fresh weights; small encoders learn sooner with more than the published 0.02. */
  readonly initializerRange: number
  readonly batchSize: number
  /** Fine-tuning of every method: the same number of updates. */
  readonly epochs: number
  readonly learningRate: number
  readonly tapt: TaptPreset
  readonly pairs: {
    readonly epochs: number
    readonly learningRate: number
    /** Negatives for each positive. */
    readonly ratio: number
    /** Share of the negatives that comes from the confusions of the plain model. */
    readonly confusionShare: number
    /** How many of a classifier's classes are re-ranked. */
    readonly topK: number
  }
  /** What differs for the rows `ngrams`. */
  readonly ngrams: Pick<AblationPreset, 'maxLength' | 'layers' | 'epochs'> & {
    /** Rows of the table of n-grams of up to 4, and of up to 5 characters. */
    readonly buckets: readonly [number, number]
    /** Generated rows for the row that has them beside the training rows. */
    readonly mixGenerated: number
  }
  readonly seeds: readonly number[]
  /** Another seed is begun only if it will end within so many minutes: on the own dataset, and on given data. */
  readonly minutes: { readonly own: number; readonly given: number }
}

const quick: AblationPreset = {
  name: 'quick',
  generatedRows: 10_000,
  maxTrainingRows: 25_000,
  vocabulary: 4_000,
  maxLength: 40,
  hidden: 128,
  layers: 2,
  heads: 2,
  initializerRange: 0.06,
  batchSize: 64,
  epochs: 8,
  learningRate: 1e-3,
  tapt: { ...fromScratchTapt, epochs: 10 },
  pairs: { epochs: 2, learningRate: 5e-4, ratio: 1, confusionShare: 0.5, topK: 5 },
  ngrams: { maxLength: 64, layers: 1, epochs: 3, buckets: [131_071, 262_139], mixGenerated: 40_000 },
  seeds: [1, 2, 3],
  minutes: { own: 25, given: 45 },
}

/** To see that everything works: seconds of training, scores that mean nothing. */
const tiny: AblationPreset = {
  ...quick,
  name: 'tiny',
  generatedRows: 9_200,
  maxTrainingRows: 600,
  vocabulary: 1_000,
  hidden: 32,
  layers: 1,
  epochs: 1,
  tapt: { ...quick.tapt, epochs: 2 },
  pairs: { ...quick.pairs, epochs: 1 },
  ngrams: { ...quick.ngrams, epochs: 1, buckets: [1021, 2039], mixGenerated: 9_200 },
  seeds: [1],
}

/** Presets by name. */
export const ABLATION_PRESETS: Readonly<Record<string, AblationPreset>> = { quick, tiny }
