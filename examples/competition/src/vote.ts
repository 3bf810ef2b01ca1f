import type { Probabilities } from '@kic/scores'

/** Class numbers of some rows, by level. */
export type Predictions = Readonly<Record<string, Int32Array>>

/** What the members agreed on, and how sure they are of it. */
export interface Vote {
  readonly predictions: Predictions
  readonly groupProbabilities: Probabilities
}
