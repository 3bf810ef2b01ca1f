import type { OptimizerState } from '@kic/engine'
import type { HostTensors } from '@kic/safetensors'

/** Named numbers, such as `{ loss: 0.7, macroF1: 0.61 }`. */
export type Metrics = Readonly<Record<string, number>>

/** The result of one evaluation. */
export interface EvaluationRecord {
  /** Number of updates. */
  readonly step: number
  /** Number of epochs, with a fraction: 1.5 is halfway through the second. */
  readonly epoch: number
  readonly metrics: Metrics
}

/** A completed epoch. */
export interface EpochRecord {
  /** From 0. */
  readonly epoch: number
  /** Mean training loss, with updates weighted by the weights of their losses. */
  readonly loss: number
}

/** The best evaluation so far, by the chosen metric. */
export interface BestRecord extends EvaluationRecord {
  readonly metric: string
  readonly value: number
}

/**
 * The position of a run. Its randomness (order of rows, dropout) depends only on seed, epoch, position and step, so
 * these are its random state as well.
 */
export interface RunState {
  readonly seed: number
  /** Number of updates. */
  readonly step: number
  /** Number of completed epochs. */
  readonly epoch: number
  /** Number of micro-batches processed in the current epoch. */
  readonly position: number
  /** Number of rows trained on. */
  readonly examples: number
  /** Loss of the current epoch: the sum of the updates' losses times their weights, and the sum of the weights. */
  readonly epochLoss: { readonly sum: number; readonly count: number }
  readonly epochs: readonly EpochRecord[]
  readonly evaluations: readonly EvaluationRecord[]
  readonly best: BestRecord | null
  /** Early stopping: the last value that improved enough, and evaluations since. */
  readonly patience: { readonly value: number | null; readonly since: number }
  /** The reason why the run ended early, if it did. */
  readonly stopped: 'early-stopping' | null
  /** The last update's micro-batches, as a number; a resumed run checks that its data is the same. */
  readonly fingerprint: number
  /** Number of micro-batches of that update, so that they can be found again. */
  readonly lastMicroBatches: number
}

/** The complete state for continuing a run as if it had never stopped. */
export interface Checkpoint {
  readonly state: RunState
  readonly params: HostTensors
  readonly optimizer: OptimizerState
  /** Averages of weights, if the run has them. */
  readonly averages?: HostTensors | undefined
}

/** The storage of checkpoints. `folderCheckpoints` of `@kic/trainer/node` stores them on disk. */
export interface CheckpointStore {
  /** The place of the checkpoints, for people. */
  readonly location: string
  /** Prepares the store, removes the leftovers of an interrupted save, and fails now rather than at the first save. */
  prepare(): Promise<void>
  /** Steps of the existing checkpoints, ascending, whether complete or not. */
  steps(): Promise<readonly number[]>
  /**
   * The newest complete checkpoint and its path; `undefined` if there are no checkpoints. Warns about newer damaged
   * ones, and throws if none is complete.
   */
  latest(): Promise<{ readonly checkpoint: Checkpoint; readonly path: string } | undefined>
  /** Saves all or nothing and returns the path. Older checkpoints may then be removed. */
  save(checkpoint: Checkpoint): Promise<string>
  /** Stores the parameters of the best evaluation, separately from the rotation. */
  saveBest(step: number, params: HostTensors): Promise<void>
  loadBest(step: number): Promise<HostTensors>
}
