import type { ClassifierConfig } from '../train/classifier-config.ts'
import type { DrawnValues } from './search-space.ts'

/** What a trial came to after so many epochs. */
export interface TrialScore {
  readonly epochs: number
  /** The metric on the validation rows; `null` if the training failed. */
  readonly score: number | null
  /** Why it failed. */
  readonly failure?: string | undefined
}

/** Values that were tried. */
export interface Trial {
  /** From 0. */
  readonly number: number
  readonly values: DrawnValues
  /** One for each round that it took part in. */
  readonly scores: readonly TrialScore[]
}

export interface SearchResult {
  /** The metric that decides. */
  readonly metric: string
  readonly mode: 'max' | 'min'
  /** Best first: those that were trained longer before the others. */
  readonly trials: readonly Trial[]
  readonly best: Trial
  /** The config with the best values: for `trainClassifier`, and as a file for `kic train --config`. */
  readonly config: ClassifierConfig
}
