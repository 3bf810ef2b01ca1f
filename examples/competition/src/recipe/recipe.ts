import { fromScratchTapt, publishedTapt, type TaptPreset } from '@kic/tapt'
import { EARLIER, FIFTEEN, type MemberRecipe, type SizeName } from './members.ts'

/** An encoder that begins with nothing, or with a checkpoint. */
export type SizeRecipe =
  | {
      /** H */
      readonly hidden: number
      /** L */
      readonly layers: number
      /** Attention heads. */
      readonly heads: number
      /** Standard deviation of fresh weights; small encoders learn sooner with more than the published 0.02. */
      readonly initializerRange: number
    }
  | {
      /** A folder, or an id of the Hugging Face Hub. */
      readonly pretrained: string
    }

/** How classifiers of a size learn. */
export interface FineTuning {
  /** Passes over `maxTrainingRows` rows; fewer rows are passed over more often. */
  readonly epochs: number
  readonly learningRate: number
}

/** A run as data: everything that decides its result, beside rows and seed. */
export interface Recipe {
  readonly name: string
  /** Rows to generate, when no data is given. */
  readonly generatedRows: number
  /** At most so many training rows are used of a given file; more would not finish in the preset's time. */
  readonly maxTrainingRows: number
  /** A vocabulary learned from the training texts, where sizes begin with nothing: pieces, or a token for each character. */
  readonly vocabulary: { readonly size: number; readonly charactersOnly: boolean }
  /** Longest text in tokens; pairs may have twice as many. */
  readonly maxLength: number
  readonly batchSize: number
  readonly sizes: Readonly<Partial<Record<SizeName, SizeRecipe>>>
  /** What stands in for a checkpoint of general text: pretraining from scratch on the task's own; `none` begins with nothing. */
  readonly pretraining: TaptPreset | 'none'
  readonly tapt: TaptPreset
  readonly pairs: {
    readonly epochs: number
    readonly learningRate: number
    /** Negatives for each positive. */
    readonly ratio: number
    /** Share of the negatives that comes from confusions. */
    readonly confusionShare: number
  }
  readonly fineTuning: Readonly<Partial<Record<SizeName, FineTuning>>>
  /** Members whose confusions on validation rows feed negative sampling. */
  readonly earlier: readonly string[]
  readonly members: readonly MemberRecipe[]
}

/** Small encoders, pretrained here, for two cores. */
export const laptop: Recipe = {
  name: 'laptop',
  generatedRows: 40_000,
  maxTrainingRows: 40_000,
  vocabulary: { size: 4_000, charactersOnly: true },
  maxLength: 40,
  batchSize: 64,
  sizes: {
    small: { hidden: 128, layers: 2, heads: 2, initializerRange: 0.06 },
    base: { hidden: 160, layers: 3, heads: 4, initializerRange: 0.05 },
    large: { hidden: 192, layers: 4, heads: 4, initializerRange: 0.05 },
  },
  pretraining: { ...fromScratchTapt, epochs: 4 },
  tapt: { ...fromScratchTapt, epochs: 4, learningRate: 5e-4 },
  pairs: { epochs: 1, learningRate: 3e-4, ratio: 1, confusionShare: 0.5 },
  fineTuning: {
    small: { epochs: 6, learningRate: 1.5e-3 },
    base: { epochs: 5, learningRate: 1e-3 },
    large: { epochs: 5, learningRate: 7e-4 },
  },
  earlier: EARLIER,
  members: FIFTEEN,
}

/**
 * klue/roberta small, base and large, for a GPU. Task-adaptive pretraining is as published; epochs and rates of
 * fine-tuning are not in the write-up: these are customary for RoBERTa (Liu et al. 2019, Table 10).
 */
export const full: Recipe = {
  name: 'full',
  generatedRows: 1_000_000,
  maxTrainingRows: 1_000_000,
  vocabulary: { size: 32_000, charactersOnly: false },
  maxLength: 64,
  batchSize: 64,
  sizes: {
    small: { pretrained: 'klue/roberta-small' },
    base: { pretrained: 'klue/roberta-base' },
    large: { pretrained: 'klue/roberta-large' },
  },
  pretraining: 'none',
  tapt: publishedTapt,
  pairs: { epochs: 1, learningRate: 1e-5, ratio: 1, confusionShare: 1 },
  fineTuning: {
    small: { epochs: 4, learningRate: 5e-5 },
    base: { epochs: 4, learningRate: 3e-5 },
    large: { epochs: 4, learningRate: 1e-5 },
  },
  earlier: EARLIER,
  members: FIFTEEN,
}

/** Every stage of `laptop`, in minutes: what it learns is worth nothing. */
export const rehearsal: Recipe = {
  ...laptop,
  name: 'rehearsal',
  generatedRows: 9_200,
  maxTrainingRows: 600,
  vocabulary: { size: 1_000, charactersOnly: true },
  sizes: {
    small: { hidden: 32, layers: 1, heads: 1, initializerRange: 0.06 },
    base: { hidden: 48, layers: 1, heads: 2, initializerRange: 0.06 },
    large: { hidden: 64, layers: 1, heads: 2, initializerRange: 0.06 },
  },
  pretraining: { ...fromScratchTapt, epochs: 1 },
  tapt: { ...fromScratchTapt, epochs: 1 },
  fineTuning: {
    small: { epochs: 1, learningRate: 1e-3 },
    base: { epochs: 1, learningRate: 1e-3 },
    large: { epochs: 1, learningRate: 1e-3 },
  },
}

/** Recipes by name. */
export const RECIPES: Readonly<Record<string, Recipe>> = { laptop, full, rehearsal }
