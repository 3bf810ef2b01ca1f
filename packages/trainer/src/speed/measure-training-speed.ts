import type { Engine, LossFunction, TrainStep } from '@kic/engine'
import type { HostTensors } from '@kic/safetensors'
import { ngramTables } from '../optimization/parameter-groups.ts'

/** A training to measure. Its computation matters; its result does not. */
export interface SpeedSample {
  /** Parameters of the right shapes. */
  readonly params: HostTensors
  readonly loss: LossFunction
  /** A typical batch with this number of rows. */
  readonly batch: (rows: number) => HostTensors
  readonly batchSize: number
  /** Number of different batch shapes, each of which is compiled once; default 1. */
  readonly shapes?: number | undefined
}

/** The training speed of a model on a machine. */
export interface TrainingSpeed {
  /** Seconds to compile, before the first example. */
  readonly start: number
  /** Seconds per example. */
  readonly perExample: number
}

/** Uncounted steps: one compiles, one warms up. */
const WARM_UP = 2
const STEPS = { least: 3, most: 12, seconds: 1 }
/** Above this number of parameters, batches are small, because a step of a large model can take a minute. */
const LARGE = 2e7
const FEW_ROWS = 2
const MORE_ROWS = 24

/**
 * Measures the training speed of a model on this machine. It takes the fastest of a few training steps, because other load
 * only makes steps slower.
 *
 * A large model is measured with two small batches: the time of a row is that by which they differ, and the rest, which is the
 * update's, counts once per batch.
 */
export const measureTrainingSpeed = async (
  engine: Engine,
  { params: start, loss, batch: batchOf, batchSize, shapes = 1 }: SpeedSample,
): Promise<TrainingSpeed> => {
  const size = Object.values(start).reduce((sum, { data }) => sum + data.length, 0)
  const params = engine.place(start)
  const optimizer = { kind: 'adamw', maxGradNorm: 1, perParameter: ngramTables() } as const
  const step = engine.trainStep({ params, loss, optimizer, seed: 1 })
  try {
    if (size <= LARGE || batchSize <= MORE_ROWS) {
      const { first, fastest } = await timeSteps(step, batchOf(batchSize))
      return { start: shapes * Math.max(0, first - fastest), perExample: fastest / batchSize }
    }
    const few = await timeSteps(step, batchOf(FEW_ROWS))
    const more = await timeSteps(step, batchOf(MORE_ROWS))
    const perRow = Math.max(0, more.fastest - few.fastest) / (MORE_ROWS - FEW_ROWS)
    const update = Math.max(0, few.fastest - FEW_ROWS * perRow)
    return { start: shapes * Math.max(0, few.first - few.fastest), perExample: perRow + update / batchSize }
  } finally {
    step.dispose()
    params.dispose()
  }
}

/** Seconds of the first step on a batch, which compiles, and of the fastest later one. */
const timeSteps = async (
  step: TrainStep,
  batch: HostTensors,
): Promise<{ readonly first: number; readonly fastest: number }> => {
  const timed = async (): Promise<number> => {
    const began = performance.now()
    await step([batch], { learningRate: 1e-4 })
    return (performance.now() - began) / 1000
  }
  const first = await timed()
  for (let i = 1; i < WARM_UP; i++) await timed()
  const times: number[] = []
  let total = 0
  while (times.length < STEPS.least || (times.length < STEPS.most && total < STEPS.seconds)) {
    const seconds = await timed()
    times.push(seconds)
    total += seconds
  }
  return { first, fastest: Math.min(...times) }
}
