import { type Classification, levelNames } from '@kic/classification'
import type { AugmentOptions } from '@kic/korean-answers'
import { fromScratchTapt, publishedTapt, type TaptPreset } from '@kic/tapt'
import { EARLIER, FIFTEEN, fromScratch, type MemberRecipe, member, type SizeName } from './members.ts'
import type { NgramRecipe } from './ngram-recipe.ts'
import { NAIVE_BAYES_REFERENCE, REFERENCES, type ReferenceRecipe } from './references.ts'
import type { Refit } from './refit.ts'

/** An encoder trained from scratch, or from a checkpoint. */
export type SizeRecipe =
  | FreshSize
  | {
      /** A folder, or an id of the Hugging Face Hub. */
      readonly pretrained: string
    }

export interface FreshSize {
  /** What its tokens are: pieces of words, or characters with their n-grams. Default: words. */
  readonly reading?: 'words' | 'characters' | undefined
  /** H */
  readonly hidden: number
  /** L */
  readonly layers: number
  /** Attention heads. */
  readonly heads: number
  /** Standard deviation of fresh weights. */
  readonly initializerRange: number
  /** Tokens of a vocabulary learned from the training texts; members that cut texts differently err differently. */
  readonly vocabulary: number
  /** Of characters: the lengths of n-grams, and the rows of their table. */
  readonly ngramSizes?: readonly number[] | undefined
  readonly ngramBuckets?: number | undefined
  /** Share of the n-grams that training leaves out; default 0.2. */
  readonly ngramDropout?: number | undefined
}

/** How classifiers of a size learn. */
export interface FineTuning {
  /** Epochs over `maxTrainingRows` rows; with fewer rows, epochs increase. */
  readonly epochs: number
  readonly learningRate: number
  /** Whether members with cross-entropy learn to agree with themselves under other dropout (R-Drop, arXiv:2106.14448). */
  readonly rDrop?: boolean | undefined
}

/** Changed copies that classifiers learn from beside the rows themselves; no more updates are made for them. */
export interface Augmentation {
  /** For each row. */
  readonly copies: number
  /** What is changed, as often as these rates say. */
  readonly rates: Omit<AugmentOptions, 'seed'>
}

/** A run as data: everything that decides its result, beside rows and seed. */
export interface Recipe {
  readonly name: string
  /** Rows to generate, when no data is given. */
  readonly generatedRows: number
  /** At most so many training rows are used of a given file; more would not finish in the preset's time. */
  readonly maxTrainingRows: number
  /** Longest text in tokens; pairs may have twice as many. */
  readonly maxLength: number
  readonly batchSize: number
  readonly sizes: Readonly<Partial<Record<SizeName, SizeRecipe>>>
  /** Replaces a checkpoint of general text: pretraining from scratch on the task's own text, or `none`. */
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
  /** Epochs in which encoders learn the groups of generated rows, where there are any. */
  readonly generatedEpochs: number
  /** Share of the target that fine-tuning spreads over all classes, for cross-entropy without R-Drop; default 0. */
  readonly labelSmoothing?: number | undefined
  /** The most epochs of fine-tuning, over rows and copies; default: no limit. */
  readonly mostEpochs?: number | undefined
  readonly augmentation: Augmentation | 'none'
  /** Members whose confusions on validation rows feed negative sampling. */
  readonly earlier: readonly string[]
  readonly members: readonly MemberRecipe[]
  /** Voters of another kind, beside the members. */
  readonly ngrams: readonly NgramRecipe[]
  /** Which voters of the chosen ensemble are trained again on training and validation rows. */
  readonly refit: Refit
  /** How many bytes the chosen ensemble's members may take as a model; default: any. */
  readonly modelBytes?: number | undefined
  /** What the run is compared with, beside the majority class. */
  readonly references: readonly ReferenceRecipe[]
}

const NAIVE_BAYES: NgramRecipe = { name: 'group-naive-bayes', level: 'group', model: 'naive-bayes' }

/**
 * n-grams of 1 to 4 characters. Those of words apart are the reference of this data; the others do not see spacing, which
 * every source of answers does its own way.
 */
const NGRAMS: readonly NgramRecipe[] = [
  { name: 'group-ngrams', level: 'group', model: 'linear-svc' },
  { name: 'group-ngrams-joined', level: 'group', model: 'linear-svc', words: 'joined' },
  { name: 'group-nb-svc-joined', level: 'group', model: 'nb-svc', words: 'joined' },
  { name: 'division-ngrams-joined', level: 'division', model: 'linear-svc', words: 'joined' },
  NAIVE_BAYES,
]

/** Small encoders learn sooner from weights that spread more than the published 0.02. */
const fresh = (size: Omit<FreshSize, 'initializerRange'>): FreshSize => ({ ...size, initializerRange: 0.06 })

/** An encoder of one layer that reads characters and n-grams of up to so many. A prime number of rows spreads n-grams best. */
const characters = (
  hidden: number,
  longest: number,
  ngramBuckets: number,
  ngramDropout?: number,
): FreshSize =>
  fresh({
    reading: 'characters',
    hidden,
    layers: 1,
    heads: 2,
    vocabulary: 4000,
    ngramSizes: Array.from({ length: longest }, (_, i) => i + 1),
    ngramBuckets,
    ngramDropout,
  })

/**
 * Small encoders for two cores, trained from scratch or from TAPT on the task's own texts. They read characters and their
 * n-grams, without spaces: with few short rows, these are worth nine points more than pieces of words.
 */
export const laptop: Recipe = {
  name: 'laptop',
  generatedRows: 40_000,
  maxTrainingRows: 40_000,
  maxLength: 64,
  batchSize: 64,
  sizes: {
    small: characters(64, 4, 65_521),
    base: characters(96, 4, 65_521, 0.3),
    large: characters(128, 4, 131_071, 0.3),
  },
  pretraining: 'none',
  tapt: { ...fromScratchTapt, epochs: 4 },
  pairs: { epochs: 1, learningRate: 3e-4, ratio: 1, confusionShare: 0.5 },
  fineTuning: {
    small: { epochs: 3, learningRate: 1.5e-3 },
    base: { epochs: 2.4, learningRate: 1.5e-3, rDrop: true },
    large: { epochs: 2.4, learningRate: 1.5e-3, rDrop: true },
  },
  generatedEpochs: 2,
  labelSmoothing: 0.05,
  augmentation: 'none',
  earlier: EARLIER,
  members: FIFTEEN.map(fromScratch),
  ngrams: NGRAMS,
  refit: 'all',
  modelBytes: 95e6,
  references: REFERENCES,
}

/**
 * klue/roberta small, base and large, for a GPU. Task-adaptive pretraining is as published; epochs and rates of
 * fine-tuning are not in the write-up: these are customary for RoBERTa (Liu et al. 2019, Table 10).
 */
export const full: Recipe = {
  name: 'full',
  generatedRows: 1_000_000,
  maxTrainingRows: 1_000_000,
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
  generatedEpochs: 1,
  augmentation: 'none',
  earlier: EARLIER,
  members: FIFTEEN,
  // Nobody trains fifteen large encoders twice.
  refit: 'none',
  // As published; n-grams of a million rows were never counted here.
  ngrams: [],
  references: [NAIVE_BAYES_REFERENCE],
}

/** Every stage of `laptop`, in minutes; its models are useless. */
export const rehearsal: Recipe = {
  ...laptop,
  name: 'rehearsal',
  generatedRows: 9_200,
  maxTrainingRows: 600,
  sizes: {
    small: characters(32, 3, 1021),
    base: characters(48, 4, 2039),
    large: characters(64, 4, 2039),
  },
  pretraining: { ...fromScratchTapt, epochs: 1 },
  tapt: { ...fromScratchTapt, epochs: 1 },
  fineTuning: {
    small: { epochs: 1, learningRate: 1e-3 },
    base: { epochs: 1, learningRate: 1e-3 },
    large: { epochs: 1, learningRate: 1e-3 },
  },
}

/** Three members in minutes. */
export const quick: Recipe = {
  ...laptop,
  name: 'quick',
  generatedRows: 60_000,
  maxTrainingRows: 57_000,
  sizes: {
    small: characters(96, 4, 131_071),
    base: characters(128, 4, 131_071),
  },
  fineTuning: {
    small: { epochs: 2, learningRate: 1.5e-3 },
    base: { epochs: 2, learningRate: 1e-3 },
  },
  earlier: [],
  members: [
    member('group', 'small', 'pretrained', 1),
    member('group', 'base', 'pretrained', 2),
    member('division', 'small', 'pretrained', 3),
  ].map(fromScratch),
  // A support vector machine would take longer than all the rest.
  ngrams: [NAIVE_BAYES],
  refit: 'ngrams',
  references: [NAIVE_BAYES_REFERENCE],
}

/** A check in seconds that everything fits together; its models are useless. */
export const smoke: Recipe = {
  ...quick,
  name: 'smoke',
  generatedRows: 9_000,
  maxTrainingRows: 9_000,
  sizes: {
    small: characters(32, 3, 1021),
    base: characters(48, 3, 1021),
  },
  fineTuning: {
    small: { epochs: 1, learningRate: 2e-3 },
    base: { epochs: 1, learningRate: 2e-3 },
  },
}

/** Recipes by name. */
export const RECIPES: Readonly<Record<string, Recipe>> = { quick, laptop, full, smoke, rehearsal }

/** The recipe with at most so many epochs of each training: the size and speed of its model, sooner. */
export const withFewerEpochs = (recipe: Recipe, mostEpochs: number): Recipe => {
  const fewer = <T extends { readonly epochs: number }>(one: T): T => ({
    ...one,
    epochs: Math.min(one.epochs, mostEpochs),
  })
  const { pretraining, tapt, pairs } = recipe
  return {
    ...recipe,
    mostEpochs,
    generatedEpochs: Math.min(recipe.generatedEpochs, mostEpochs),
    pretraining: pretraining === 'none' ? pretraining : fewer(pretraining),
    tapt: fewer(tapt),
    pairs: fewer(pairs),
  }
}

/** A recipe for a classification of other names: its second level for the division, its third for the group. */
export const onLevelsOf = (recipe: Recipe, classification: Classification): Recipe => {
  const [, second = 'division', third = 'group'] = levelNames(classification)
  const renamed = <T extends { readonly level: string }>(one: T): T => ({
    ...one,
    level: one.level === 'division' ? second : third,
  })
  return { ...recipe, members: recipe.members.map(renamed), ngrams: recipe.ngrams.map(renamed) }
}
