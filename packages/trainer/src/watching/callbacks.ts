import type { HostTensors } from '@kic/safetensors'
import type { BestRecord, EpochRecord, EvaluationRecord } from '../checkpoints/checkpoint.ts'

export interface StartEvent {
  /** Updates already made: above 0 when the run was resumed. */
  readonly step: number
  readonly totalSteps: number
  readonly epoch: number
}

export interface StepEvent {
  /** Updates made, this one included. */
  readonly step: number
  readonly totalSteps: number
  /** Epochs done, with a fraction. */
  readonly epoch: number
  readonly loss: number
  /** Before clipping. */
  readonly gradNorm: number
  readonly learningRate: number
  /** Rows of this update. */
  readonly examples: number
  /** Wall time of this update, its batches included. */
  readonly seconds: number
  /** What the loss function returned besides the loss, one entry a micro-batch. */
  readonly outputs: readonly HostTensors[]
}

export interface EvaluateEvent extends EvaluationRecord {
  readonly best: BestRecord | null
  /** Whether this evaluation is the best so far. */
  readonly isBest: boolean
  readonly seconds: number
}

export interface CheckpointEvent {
  readonly step: number
  readonly path: string
  readonly seconds: number
}

export interface EndEvent {
  readonly step: number
  readonly epoch: number
  readonly stopped: StopReason
}

/** Why a run ended. */
export type StopReason = 'finished' | 'early-stopping' | 'aborted'

/**
 * Called as a run goes on, and awaited where a promise is returned. An error of a callback ends the run; wrap what must
 * not be able to in `harmless`.
 */
export interface TrainCallbacks {
  onStart?(event: StartEvent): void | Promise<void>
  onStep?(event: StepEvent): void | Promise<void>
  onEvaluateStart?(event: { readonly step: number }): void | Promise<void>
  onEvaluate?(event: EvaluateEvent): void | Promise<void>
  onCheckpoint?(event: CheckpointEvent): void | Promise<void>
  onEpochEnd?(event: EpochRecord): void | Promise<void>
  onEnd?(event: EndEvent): void | Promise<void>
  /** The run fails with this error, which is thrown afterwards. */
  onError?(error: unknown): void | Promise<void>
}

/** The same callbacks, but the first error is said once through `warn`, and then they are called no more. */
export const harmless = (
  name: string,
  callbacks: TrainCallbacks,
  warn: (message: string) => void = console.warn,
): TrainCallbacks => {
  let failed = false
  const guard =
    <E>(call: ((event: E) => void | Promise<void>) | undefined) =>
    async (event: E): Promise<void> => {
      if (failed || call === undefined) return
      try {
        await call.call(callbacks, event)
      } catch (error) {
        failed = true
        warn(`${name} failed and is silent from here on; training goes on: ${String(error)}`)
      }
    }
  return {
    onStart: guard(callbacks.onStart),
    onStep: guard(callbacks.onStep),
    onEvaluateStart: guard(callbacks.onEvaluateStart),
    onEvaluate: guard(callbacks.onEvaluate),
    onCheckpoint: guard(callbacks.onCheckpoint),
    onEpochEnd: guard(callbacks.onEpochEnd),
    onEnd: guard(callbacks.onEnd),
    onError: guard(callbacks.onError),
  }
}
