import type { Engine } from '@kic/engine'
import type { HostTensors } from '@kic/safetensors'
import type { CheckpointOptions, TrainCallbacks } from '@kic/trainer'
import { folderCheckpoints } from '@kic/trainer/node'

export interface SmallRun {
  readonly steps: number
  /** A folder of checkpoints: the run resumes from the last one, and saves one at its last step. */
  readonly folder?: string | undefined
  /** Ends the run early, as an interruption does. */
  readonly endAfter?: number | undefined
}

export interface RunEnd {
  /** By step, from 1. */
  readonly losses: ReadonlyMap<number, number>
  /** Parameters, and their averages if the run has them. */
  readonly params: HostTensors
}

/** A small training run, the same on every engine. */
export interface Training {
  readonly name: string
  readonly run: (engine: Engine, run: SmallRun) => Promise<RunEnd>
}

/** What every run is given: it records its losses, and is saved and interrupted as it is told. */
interface Watched {
  readonly losses: ReadonlyMap<number, number>
  readonly checkpoints: CheckpointOptions | undefined
  readonly callbacks: readonly TrainCallbacks[]
  readonly signal: AbortSignal
}

export const watched = ({ steps, folder, endAfter }: SmallRun): Watched => {
  const losses = new Map<number, number>()
  const interruption = new AbortController()
  const onStep = ({ step, loss }: { readonly step: number; readonly loss: number }): void => {
    losses.set(step, loss)
    if (step === endAfter) interruption.abort()
  }
  return {
    losses,
    checkpoints:
      folder === undefined
        ? undefined
        : { store: folderCheckpoints(folder), every: { everySteps: endAfter ?? steps }, resume: true },
    callbacks: [{ onStep }],
    signal: interruption.signal,
  }
}

/** Adam enlarges a gradient that is only rounding, as that of the keys' bias, without a larger ε. */
export const EPSILON = 1e-5
