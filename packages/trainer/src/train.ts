import type { PlacedParams } from '@kic/engine'
import type { HostTensors } from '@kic/safetensors'
import type { BatchSource } from './batches/batch-source.ts'
import type { BestRecord, EpochRecord, EvaluationRecord, Metrics } from './checkpoints/checkpoint.ts'
import { copyTensors } from './copy-tensors.ts'
import { PlacedAverage } from './optimization/placed-average.ts'
import { createSchedule, type Schedule } from './optimization/schedules.ts'
import { WeightAverage } from './optimization/weight-average.ts'
import { checkResumable, initialState, resumePoint } from './resume.ts'
import { checkTrainOptions, type TrainOptions } from './train-options.ts'
import { TrainingRun } from './training-run.ts'
import type { StopReason } from './watching/callbacks.ts'

/** The result of a run. */
export interface TrainResult {
  /** The final parameters. The caller must dispose of them. */
  readonly params: PlacedParams
  /** All parameters, with averages in place of the trained ones, if the run has averages. */
  readonly averaged?: HostTensors | undefined
  /** Number of updates, including those before a resume. */
  readonly steps: number
  /** Number of epochs, with a fraction. */
  readonly epoch: number
  readonly stopped: StopReason
  /** Mean training loss of each epoch. */
  readonly epochs: readonly EpochRecord[]
  readonly evaluations: readonly EvaluationRecord[]
  /** The last evaluation's metrics; empty without one. */
  readonly metrics: Metrics
  /** The best evaluation, and its parameters on demand. */
  readonly best: (BestRecord & { load(): Promise<HostTensors> }) | null
}

/**
 * Trains parameters on batches: forward pass, backward pass, update, evaluation and checkpoints, until `epochs` or
 * `maxSteps`.
 *
 * All randomness comes from the seed, so two runs on one engine are bit-identical, and so is a run that was killed and
 * resumed.
 *
 * @throws KicError `trainer/options`, `trainer/non-finite`, `trainer/checkpoints-exist`, `trainer/resume-mismatch`,
 * `trainer/unknown-metric`, and any error of the store, the engine, the batches or a callback
 */
export const train = async (options: TrainOptions): Promise<TrainResult> => {
  checkTrainOptions(options)
  const { engine, trainable = () => true, optimizer, loss, seed, batches } = options
  const resumed = options.checkpoints === undefined ? undefined : await resumePoint(options.checkpoints)
  if (resumed !== undefined) await checkResumable(resumed.checkpoint, options)
  const totalSteps = plannedSteps(options, batches)
  const schedule = scheduleOf(options, totalSteps)
  // A compiled step may update its input arrays, so trained ones are copied and frozen ones are shared.
  const initial = resumed?.checkpoint.params ?? copyTensors(options.params, trainable)
  const averages =
    options.weightAverage === undefined
      ? undefined
      : new WeightAverage(options.weightAverage, initial, trainable)
  if (resumed?.checkpoint.averages !== undefined) averages?.restore(resumed.checkpoint.averages)
  const placed = engine.place(initial)
  const step = engine.trainStep({ params: placed, loss, trainable, optimizer, seed })
  const average = averages && new PlacedAverage(engine, placed, averages)
  const state = resumed?.checkpoint.state ?? initialState(seed)
  const run = new TrainingRun(options, {
    placed,
    step,
    average,
    schedule,
    totalSteps,
    state,
    resumedFrom: resumed?.path,
  })
  try {
    if (resumed !== undefined) await step.restore(resumed.checkpoint.optimizer)
    const stopped = await run.run()
    const { best, evaluations, epochs } = run.state
    // Copied out of the step's memory, so that gradients and moments can be freed with it.
    const final = engine.place(copyTensors(await placed.read(), trainable))
    placed.dispose()
    return {
      params: final,
      averaged: await average?.applied(await final.read()),
      steps: run.state.step,
      epoch: run.epochs(),
      stopped,
      epochs,
      evaluations,
      metrics: evaluations.at(-1)?.metrics ?? {},
      best: best === null ? null : { ...best, load: () => run.loadBest(best) },
    }
  } catch (error) {
    placed.dispose()
    for (const callbacks of options.callbacks ?? []) await callbacks.onError?.(error)
    throw error
  } finally {
    step.dispose()
    average?.dispose()
  }
}

/** Number of updates of a run that does not end early. */
const plannedSteps = (
  { epochs, maxSteps = Number.POSITIVE_INFINITY, accumulation = 1 }: TrainOptions,
  batches: BatchSource,
): number => {
  if (epochs === undefined) return maxSteps
  let steps = 0
  for (let epoch = 0; epoch < epochs && steps < maxSteps; epoch++) {
    steps += Math.ceil(batches.epoch(epoch).length / accumulation)
  }
  return Math.min(steps, maxSteps)
}

const scheduleOf = ({ schedule = { kind: 'constant' } }: TrainOptions, totalSteps: number): Schedule =>
  typeof schedule === 'function' ? schedule : createSchedule(schedule, totalSteps)
