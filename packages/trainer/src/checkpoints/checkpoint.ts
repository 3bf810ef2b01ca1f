import type { OptimizerState } from '@kic/engine'
import type { HostTensors } from '@kic/safetensors'

/** Named numbers, such as `{ loss: 0.7, macroF1: 0.61 }`. */
export type Metrics = Readonly<Record<string, number>>

/** What one evaluation gave. */
export interface EvaluationRecord {
  /** Updates made. */
  readonly step: number
  /** Epochs done, with a fraction: 1.5 is halfway through the second. */
  readonly epoch: number
  readonly metrics: Metrics
}

/** An epoch that was trained to its end. */
export interface EpochRecord {
  /** From 0. */
  readonly epoch: number
  /** Mean training loss, each update weighted by what its loss is a mean over. */
  readonly loss: number
}

/** The best evaluation so far, by the metric that was chosen. */
export interface BestRecord extends EvaluationRecord {
  readonly metric: string
  readonly value: number
}

/**
 * Where a run stands. Its randomness (order of rows, dropout) follows from seed, epoch, position and step, so these are
 * its random state as well.
 */
export interface RunState {
  readonly seed: number
  /** Updates made. */
  readonly step: number
  /** Epochs completed. */
  readonly epoch: number
  /** Micro-batches done in the present epoch. */
  readonly position: number
  /** Rows trained on. */
  readonly examples: number
  /** Loss of the present epoch: the sum of updates' losses times their weights, and the sum of these. */
  readonly epochLoss: { readonly sum: number; readonly count: number }
  readonly epochs: readonly EpochRecord[]
  readonly evaluations: readonly EvaluationRecord[]
  readonly best: BestRecord | null
  /** Early stopping: the last value that improved enough, and evaluations since. */
  readonly patience: { readonly value: number | null; readonly since: number }
  /** Why the run ended early, if it did. */
  readonly stopped: 'early-stopping' | null
  /** The last update's micro-batches, as a number: a resumed run checks that its data is the same. */
  readonly fingerprint: number
  /** How many micro-batches that update had, so that they can be found again. */
  readonly lastMicroBatches: number
}

/** All that a run needs to go on as if it had never stopped. */
export interface Checkpoint {
  readonly state: RunState
  readonly params: HostTensors
  readonly optimizer: OptimizerState
  /** Averages of weights, where the run keeps them. */
  readonly averages?: HostTensors
}

/** Where checkpoints are kept. `folderCheckpoints` of `@kic/trainer/node` keeps them on disk. */
export interface CheckpointStore {
  /** For people: where that is. */
  readonly location: string
  /** Makes ready, clears away what an interrupted save left, and fails now rather than at the first save. */
  prepare(): Promise<void>
  /** Steps of the checkpoints that are there, ascending, whole or not. */
  steps(): Promise<readonly number[]>
  /**
   * The newest whole checkpoint and where it is; `undefined` where there is none at all. Says aloud which newer ones
   * were passed over, and throws when none is whole.
   */
  latest(): Promise<{ readonly checkpoint: Checkpoint; readonly path: string } | undefined>
  /** Saves all or nothing; returns where. Older checkpoints may then be removed. */
  save(checkpoint: Checkpoint): Promise<string>
  /** Keeps the parameters of the best evaluation, apart from the rotation. */
  saveBest(step: number, params: HostTensors): Promise<void>
  loadBest(step: number): Promise<HostTensors>
}
