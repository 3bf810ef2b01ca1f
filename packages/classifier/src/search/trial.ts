import type { ClassifierConfig } from '../train/classifier-config.ts'
import type { DrawnValues } from './search-space.ts'

/** A trial's score after a number of epochs. */
export interface TrialScore {
  readonly epochs: number
  /** The limit of steps, if the config has one. */
  readonly maxSteps?: number | undefined
  /** The metric on the validation rows; `null` if the training failed. */
  readonly score: number | null
  /** The error of a failed training. */
  readonly failure?: string | undefined
}

/** Drawn values and their scores. */
export interface Trial {
  /** From 0. */
  readonly number: number
  readonly values: DrawnValues
  /** One score per round. */
  readonly scores: readonly TrialScore[]
}

export interface SearchResult {
  /** The metric of the ranking. */
  readonly metric: string
  readonly mode: 'max' | 'min'
  /** Best first; trials that reached later rounds come before the others. */
  readonly trials: readonly Trial[]
  readonly best: Trial
  /** The config with the best values: for `trainClassifier`, and as a file for `kic train --config`. */
  readonly config: ClassifierConfig
}
