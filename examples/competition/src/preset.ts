/** One classifier of the ensemble. */
export interface MemberPreset {
  readonly name: string
  /** Which level it predicts; counted from the coarsest, so 1 is the division and 2 the group of KSIC. */
  readonly level: number
  readonly hidden: number
  readonly layers: number
  /** Attention heads. */
  readonly heads: number
  /**
   * What reads the encoder: `standard`, position 0 as published; `mean` of the tokens, which learns sooner from scratch; or
   * the x of any installed package `@kic/heads-x`.
   */
  readonly head: string
  /** Standard deviation of fresh weights; small encoders learn sooner with more than the published 0.02. */
  readonly initializerRange: number
  /** Passes over `maxTrainingRows` rows; fewer rows are passed over more often. */
  readonly epochs: number
  readonly learningRate: number
  readonly seed: number
}

/** A run as data. */
export interface Preset {
  readonly name: string
  /** Rows to generate, when no data is given. */
  readonly generatedRows: number
  /** At most so many training rows are used of a given file; more would not finish in the preset's time. */
  readonly maxTrainingRows: number
  readonly vocabulary: number
  readonly maxLength: number
  readonly batchSize: number
  readonly members: readonly MemberPreset[]
}

const quick: Preset = {
  name: 'quick',
  generatedRows: 60_000,
  maxTrainingRows: 57_000,
  vocabulary: 12_000,
  maxLength: 32,
  batchSize: 64,
  members: [
    {
      name: 'group-mean',
      level: 2,
      head: 'mean',
      hidden: 128,
      layers: 2,
      heads: 2,
      initializerRange: 0.06,
      epochs: 3,
      learningRate: 2e-3,
      seed: 1,
    },
    {
      name: 'group-first',
      level: 2,
      head: 'standard',
      hidden: 128,
      layers: 2,
      heads: 2,
      initializerRange: 0.06,
      epochs: 2,
      learningRate: 1e-3,
      seed: 2,
    },
    {
      name: 'division-mean',
      level: 1,
      head: 'mean',
      hidden: 128,
      layers: 2,
      heads: 2,
      initializerRange: 0.06,
      epochs: 1,
      learningRate: 2e-3,
      seed: 3,
    },
  ],
}

/** Whether everything fits together, in seconds: what it learns is worth nothing. */
const smoke: Preset = {
  ...quick,
  name: 'smoke',
  generatedRows: 9000,
  maxTrainingRows: 9000,
  vocabulary: 1000,
  members: quick.members.map((member) => ({ ...member, hidden: 32, layers: 1, heads: 1, epochs: 1 })),
}

/** Presets by name. */
export const PRESETS: Readonly<Record<string, Preset>> = { quick, smoke }
