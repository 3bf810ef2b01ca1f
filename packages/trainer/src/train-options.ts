import { KicError } from '@kic/core'
import type { AdamW, Engine, LossFunction, PlacedParams } from '@kic/engine'
import type { HostTensors } from '@kic/safetensors'
import type { BatchSource } from './batches/batch-source.ts'
import type { CheckpointStore, Metrics } from './checkpoints/checkpoint.ts'
import { checkInterval, type Interval } from './interval.ts'
import type { Schedule, ScheduleConfig } from './optimization/schedules.ts'
import type { WeightAverageOptions } from './optimization/weight-average.ts'
import type { TrainCallbacks } from './watching/callbacks.ts'

/** Which metric decides, and in which direction. */
export interface BestMetric {
  readonly metric: string
  readonly mode: 'max' | 'min'
}

export interface EvaluateOptions {
  /** Metrics of the present parameters; of their averages where the run keeps these. */
  readonly run: (params: PlacedParams) => Metrics | Promise<Metrics>
  /** Default: after every epoch. The end of the run is evaluated in any case. */
  readonly every?: Interval | undefined
  /** Keeps the parameters of the best evaluation. */
  readonly best?: BestMetric | undefined
  /** Ends the run after so many evaluations without an improvement of at least `minDelta` (default 0) of `best`. */
  readonly earlyStopping?: { readonly patience: number; readonly minDelta?: number | undefined } | undefined
}

export interface CheckpointOptions {
  readonly store: CheckpointStore
  /** Default: after every epoch. The end of the run is saved in any case. */
  readonly every?: Interval | undefined
  /** Goes on from the newest whole checkpoint, or begins anew where there is none. Default: false. */
  readonly resume?: boolean | undefined
}

export interface TrainOptions {
  readonly engine: Engine
  /** Initial values. They are not changed: what is trained is copied. */
  readonly params: HostTensors
  readonly loss: LossFunction
  /** Which parameters are trained; all others are frozen. Default: all. */
  readonly trainable?: ((name: string) => boolean) | undefined
  readonly optimizer: AdamW
  /** Peak learning rate, which the schedule scales. */
  readonly learningRate: number
  /** Default: constant. */
  readonly schedule?: ScheduleConfig | Schedule | undefined
  readonly batches: BatchSource
  /** Passes over the data. Either this or `maxSteps`, or whichever of both is reached first. */
  readonly epochs?: number | undefined
  /** Updates. */
  readonly maxSteps?: number | undefined
  /** Micro-batches for each update; default 1. The last update of an epoch has what is left. */
  readonly accumulation?: number | undefined
  /**
   * How micro-batches share in loss and gradient. `exact` (default): an update equals that of one batch of all their rows,
   * by the weight that the loss tells (rows that count, their class weights, masked tokens), or for a loss that tells none
   * by the micro-batches' counts. `equal`: the mean of their means, as published and as in transformers before 4.46.
   */
  readonly accumulationMean?: 'exact' | 'equal' | undefined
  /** Updates whose batches are made while the engine works on an earlier one; default 1. */
  readonly prefetch?: number | undefined
  /** Averages the trained weights; evaluations and the best parameters then use the averages. */
  readonly weightAverage?: WeightAverageOptions | undefined
  readonly evaluate?: EvaluateOptions | undefined
  readonly checkpoints?: CheckpointOptions | undefined
  readonly callbacks?: readonly TrainCallbacks[] | undefined
  /** What a row is called in an error about it, such as its id in a file; default: its number. */
  readonly rowName?: ((row: number) => string) | undefined
  /** Dropout follows it; give the same to the batches. */
  readonly seed: number
  /** Ends the run after the present update, with a checkpoint. */
  readonly signal?: AbortSignal | undefined
}

/** @throws KicError `trainer/options` naming the option. */
export const checkTrainOptions = (options: TrainOptions): void => {
  const refuse = (rule: string): never => {
    throw new KicError('trainer/options', `train: ${rule}`)
  }
  const positive = (name: string, value: number | undefined): void => {
    if (value !== undefined && !(Number.isInteger(value) && value > 0)) {
      refuse(`${name} must be a positive integer, got ${value}`)
    }
  }
  const { epochs, maxSteps, accumulation, prefetch, learningRate, seed, evaluate, checkpoints } = options
  positive('epochs', epochs)
  positive('maxSteps', maxSteps)
  positive('accumulation', accumulation)
  positive('prefetch', prefetch)
  if (epochs === undefined && maxSteps === undefined) refuse('give epochs or maxSteps')
  if (!(learningRate > 0 && Number.isFinite(learningRate))) {
    refuse(`learningRate must be above 0, got ${learningRate}`)
  }
  if (!Number.isSafeInteger(seed)) refuse(`seed must be an integer, got ${seed}`)
  if (evaluate?.every !== undefined) checkInterval('evaluate.every', evaluate.every)
  if (checkpoints?.every !== undefined) checkInterval('checkpoints.every', checkpoints.every)
  positive('evaluate.earlyStopping.patience', evaluate?.earlyStopping?.patience)
  if (evaluate?.earlyStopping !== undefined && evaluate.best === undefined) {
    refuse('evaluate.earlyStopping needs evaluate.best: the metric to watch')
  }
}
