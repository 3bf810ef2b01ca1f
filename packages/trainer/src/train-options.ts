import { KicError } from '@kic/core'
import type { AdamW, Engine, LossFunction, PlacedParams } from '@kic/engine'
import type { HostTensors } from '@kic/safetensors'
import type { BatchSource } from './batches/batch-source.ts'
import type { CheckpointStore, Metrics } from './checkpoints/checkpoint.ts'
import type { TrainerErrorCode } from './error-code.ts'
import { checkInterval, type Interval } from './interval.ts'
import type { Schedule, ScheduleConfig } from './optimization/schedules.ts'
import type { WeightAverageOptions } from './optimization/weight-average.ts'
import type { TrainCallbacks } from './watching/callbacks.ts'

/** The deciding metric and its direction. */
export interface BestMetric {
  readonly metric: string
  readonly mode: 'max' | 'min'
}

export interface EvaluateOptions {
  /** Metrics of the current parameters, or of their averages if the run has them. */
  readonly run: (params: PlacedParams) => Metrics | Promise<Metrics>
  /** Default: after every epoch. The end of the run is always evaluated. */
  readonly every?: Interval | undefined
  /** Keeps the parameters of the best evaluation. */
  readonly best?: BestMetric | undefined
  /** Ends the run after this many evaluations without an improvement of at least `minDelta` (default 0) in `best`. */
  readonly earlyStopping?: { readonly patience: number; readonly minDelta?: number | undefined } | undefined
}

export interface CheckpointOptions {
  readonly store: CheckpointStore
  /** Default: after every epoch. The end of the run is always saved. */
  readonly every?: Interval | undefined
  /** Resumes from the newest complete checkpoint, or starts again if there is none. Default: false. */
  readonly resume?: boolean | undefined
}

export interface TrainOptions {
  readonly engine: Engine
  /** Initial values. They are not changed, because trained parameters are copied. */
  readonly params: HostTensors
  readonly loss: LossFunction
  /** The parameters to train; all others are frozen. Default: all. */
  readonly trainable?: ((name: string) => boolean) | undefined
  readonly optimizer: AdamW
  /** Peak learning rate, scaled by the schedule. */
  readonly learningRate: number
  /** Default: constant. */
  readonly schedule?: ScheduleConfig | Schedule | undefined
  readonly batches: BatchSource
  /** Passes over the data. Either this or `maxSteps`, or both; the first one reached ends the run. */
  readonly epochs?: number | undefined
  /** Updates. */
  readonly maxSteps?: number | undefined
  /** Micro-batches per update; default 1. The last update of an epoch has the rest. */
  readonly accumulation?: number | undefined
  /**
   * How micro-batches combine in loss and gradient. `exact` (default): an update equals that of one batch of all their
   * rows, by the weight that the loss declares (rows that count, their class weights, masked tokens), or by the
   * micro-batches' counts if it declares none. `equal`: the mean of their means, as published and as in transformers
   * before 4.46.
   */
  readonly accumulationMean?: 'exact' | 'equal' | undefined
  /** Updates whose batches are prepared while the engine works on an earlier one; default 1. */
  readonly prefetch?: number | undefined
  /** Averages the trained weights; evaluations and the best parameters then use the averages. */
  readonly weightAverage?: WeightAverageOptions | undefined
  readonly evaluate?: EvaluateOptions | undefined
  readonly checkpoints?: CheckpointOptions | undefined
  readonly callbacks?: readonly TrainCallbacks[] | undefined
  /** The name of a row in errors, such as its id in a file; default: its number. */
  readonly rowName?: ((row: number) => string) | undefined
  /** The seed of dropout; use the same for the batches. */
  readonly seed: number
  /** Ends the run after the current update, with a checkpoint. */
  readonly signal?: AbortSignal | undefined
}

/** @throws KicError `trainer/options` with the option. */
export const checkTrainOptions = (options: TrainOptions): void => {
  const refuse = (rule: string): never => {
    throw new KicError<TrainerErrorCode>('trainer/options', `train: ${rule}`)
  }
  const positive = (name: string, value: number | undefined): void => {
    if (value !== undefined && !(Number.isInteger(value) && value > 0)) {
      refuse(`${name} must be a positive integer, received ${value}. Correct it.`)
    }
  }
  const { epochs, maxSteps, accumulation, prefetch, learningRate, seed, evaluate, checkpoints } = options
  positive('epochs', epochs)
  positive('maxSteps', maxSteps)
  positive('accumulation', accumulation)
  positive('prefetch', prefetch)
  if (epochs === undefined && maxSteps === undefined)
    refuse('there must be epochs or maxSteps, received neither. Set one of them.')
  if (!(learningRate > 0 && Number.isFinite(learningRate))) {
    refuse(`learningRate must be above 0, received ${learningRate}. Correct it.`)
  }
  if (!Number.isSafeInteger(seed)) refuse(`seed must be an integer, received ${seed}. Correct it.`)
  if (evaluate?.every !== undefined) checkInterval('evaluate.every', evaluate.every)
  if (checkpoints?.every !== undefined) checkInterval('checkpoints.every', checkpoints.every)
  positive('evaluate.earlyStopping.patience', evaluate?.earlyStopping?.patience)
  if (evaluate?.earlyStopping !== undefined && evaluate.best === undefined) {
    refuse('evaluate.earlyStopping needs evaluate.best, received none. Set the metric to watch.')
  }
}
