import { defaultPreparation, type TextPreparation } from '@kic/data/prepare'
import type { GenerateRowsOptions } from '@kic/korean-answers'
import type { NetworkSettings } from './train-network.ts'

/** What the published models learn from. */
export interface LearningSettings {
  /** Composed answers. */
  readonly answers: GenerateRowsOptions
  /** Seed of the short texts. */
  readonly short: number
  readonly preparation: TextPreparation
}

/** How a member's probabilities enter the mean. */
export interface Opinion {
  readonly weight: number
  readonly temperature: number
}

/** The larger model: networks and naive Bayes. */
export interface BaseSettings extends LearningSettings {
  readonly networks: readonly (NetworkSettings & Opinion & { readonly name: string })[]
  readonly bayes: Opinion
}

/** The smaller one, a student of the larger one. */
export interface MiniSettings extends LearningSettings {
  readonly network: NetworkSettings
  /** Share of the teacher in the loss. */
  readonly teacherWeight: number
  /** Divides its logits. */
  readonly temperature: number
}

const encoder = {
  vocabulary: 4000,
  layers: 1,
  heads: 2,
  epochs: 1,
  batchSize: 64,
  learningRate: 1.5e-3,
  initializerRange: 0.06,
  maxLength: 64,
  ngramBuckets: 131_071,
} as const

const learning: LearningSettings = {
  answers: { rows: 900_000, seed: 1, balance: 0.35, singleField: 0.3, minPerGroup: 40, repeats: 0 },
  short: 5,
  preparation: defaultPreparation,
}

/**
 * Two networks, which differ by seed and n-grams, and naive Bayes on the short texts. Weights and temperatures are those that
 * fit 24,160 index terms of the classification best, of which no model learned: they are much harder than the
 * hand-written answers, on which every confidence is therefore rather too low.
 */
export const baseSettings: BaseSettings = {
  ...learning,
  networks: [
    {
      ...encoder,
      name: 'ngrams-4',
      seed: 1,
      hidden: 64,
      ngramSizes: [1, 2, 3, 4],
      ngramDropout: 0.2,
      weight: 0.3,
      temperature: 1.2,
    },
    {
      ...encoder,
      name: 'ngrams-5',
      seed: 2,
      hidden: 64,
      ngramSizes: [1, 2, 3, 4, 5],
      ngramDropout: 0.3,
      weight: 0.3,
      temperature: 1.2,
    },
  ],
  bayes: { weight: 0.4, temperature: 3 },
}

/** Fits into 8 MB as int8. */
export const miniSettings: MiniSettings = {
  ...learning,
  network: { ...encoder, seed: 1, hidden: 48, ngramSizes: [1, 2, 3, 4], ngramDropout: 0.2 },
  teacherWeight: 0.8,
  temperature: 1,
}
