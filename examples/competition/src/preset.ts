/** One classifier of the ensemble. */
export interface MemberPreset {
  readonly name: string
  /** Which level it predicts; counted from the coarsest, so 1 is the division and 2 the group of KSIC. */
  readonly level: number
  readonly hidden: number
  readonly layers: number
  readonly heads: number
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
  generatedRows: 40_000,
  maxTrainingRows: 40_000,
  vocabulary: 4_000,
  maxLength: 32,
  batchSize: 64,
  members: [
    {
      name: 'group-small',
      level: 2,
      hidden: 128,
      layers: 2,
      heads: 2,
      epochs: 5,
      learningRate: 1.5e-3,
      seed: 1,
    },
    {
      name: 'group-base',
      level: 2,
      hidden: 192,
      layers: 2,
      heads: 3,
      epochs: 5,
      learningRate: 1e-3,
      seed: 2,
    },
    {
      name: 'division-small',
      level: 1,
      hidden: 128,
      layers: 2,
      heads: 2,
      epochs: 4,
      learningRate: 1.5e-3,
      seed: 3,
    },
  ],
}

/** Presets by name. */
export const PRESETS: Readonly<Record<string, Preset>> = { quick }
