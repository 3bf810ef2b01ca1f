import type { Probabilities } from '@kic/scores'

/** Class numbers of some rows, by level. */
export type Predictions = Readonly<Record<string, Int32Array>>

/** The result of a vote, with probabilities. */
export interface Vote {
  readonly predictions: Predictions
  readonly groupProbabilities: Probabilities
}
