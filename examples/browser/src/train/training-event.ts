import type { TrainingStage } from '@kic/classifier/in-memory'

/** What the worker tells the page while it trains. */
export type TrainingEvent =
  | { readonly kind: 'engine'; readonly gpu: string | undefined }
  | { readonly kind: 'stage'; readonly stage: TrainingStage }
  | {
      readonly kind: 'step'
      readonly step: number
      readonly totalSteps: number
      readonly loss: number
      readonly seconds: number
    }
  | { readonly kind: 'evaluation'; readonly epoch: number; readonly accuracy: number }

/** A training on its way: everything that was told so far. */
export interface TrainingProgress {
  readonly gpu?: string | undefined
  /** Whether the engine was told. */
  readonly started: boolean
  readonly stage: TrainingStage | undefined
  /** The loss of each step. */
  readonly losses: readonly number[]
  readonly totalSteps: number
  /** Time that the steps took, in seconds. */
  readonly seconds: number
  readonly evaluations: readonly { readonly epoch: number; readonly accuracy: number }[]
}

export const noProgress: TrainingProgress = {
  started: false,
  stage: undefined,
  losses: [],
  totalSteps: 0,
  seconds: 0,
  evaluations: [],
}

/** The progress after an event. */
export const progressAfter = (before: TrainingProgress, event: TrainingEvent): TrainingProgress => {
  switch (event.kind) {
    case 'engine':
      return { ...before, gpu: event.gpu, started: true }
    case 'stage':
      return { ...before, stage: event.stage }
    case 'step':
      return {
        ...before,
        losses: [...before.losses, event.loss],
        totalSteps: event.totalSteps,
        seconds: before.seconds + event.seconds,
      }
    case 'evaluation':
      return { ...before, evaluations: [...before.evaluations, event] }
  }
}

/** The time that the remaining steps need, in seconds; `undefined` before the first ones. */
export const secondsLeft = ({ losses, totalSteps, seconds }: TrainingProgress): number | undefined =>
  losses.length < 3 ? undefined : (seconds / losses.length) * (totalSteps - losses.length)
