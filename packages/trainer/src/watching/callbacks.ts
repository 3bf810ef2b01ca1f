import type { HostTensors } from '@kic/safetensors'
import type { BestRecord, EpochRecord, EvaluationRecord } from '../checkpoints/checkpoint.ts'

export interface StartEvent {
  /** Number of earlier updates: above 0 if the run was resumed. */
  readonly step: number
  readonly totalSteps: number
  readonly epoch: number
}

export interface StepEvent {
  /** Number of updates, including this one. */
  readonly step: number
  readonly totalSteps: number
  /** Number of epochs, with a fraction. */
  readonly epoch: number
  readonly loss: number
  /** Before clipping. */
  readonly gradNorm: number
  readonly learningRate: number
  /** Number of rows of this update. */
  readonly examples: number
  /** Wall time of this update, including its batches. */
  readonly seconds: number
  /** Further tensors that the loss function returned, one entry per micro-batch. */
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

/** The reason why a run ended. */
export type StopReason = 'finished' | 'early-stopping' | 'aborted'

/**
 * Callbacks of a run. A returned promise is awaited. An error of a callback ends the run; wrap callbacks that must not
 * do so in `harmless`.
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

/** The same callbacks, but the first error is reported once through `warn`, and then they are no longer called. */
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
        warn(`${name} failed and is disabled; training continues: ${String(error)}`)
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
