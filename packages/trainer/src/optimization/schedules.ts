import { KicError } from '@kic/core'
import type { TrainerErrorCode } from '../error-code.ts'

/** Factor of the learning rate for update number `step`, from 0. */
export type Schedule = (step: number) => number

/** A schedule as data. The warm-up rises linearly from 0 to 1. */
export type ScheduleConfig = {
  /** Updates of the warm-up; default 0. */
  readonly warmupSteps?: number | undefined
  /** Instead: the warm-up's share of all updates, rounded up, as in transformers. */
  readonly warmupRatio?: number | undefined
} & (
  | { readonly kind: 'constant' | 'linear' }
  /** `cycles` waves until the end; default 0.5, which ends at 0. */
  | { readonly kind: 'cosine'; readonly cycles?: number | undefined }
  /** `cycles` times from 1 to 0; default 1. */
  | { readonly kind: 'cosine-with-restarts'; readonly cycles?: number | undefined }
  /** From 1 to `endFactor` (default 0) along a curve of the given power (default 1). */
  | {
      readonly kind: 'polynomial'
      readonly power?: number | undefined
      readonly endFactor?: number | undefined
    }
)

/**
 * The schedule of a run of `totalSteps` updates; equals `get_…_schedule_with_warmup` of transformers
 * (src/transformers/optimization.py).
 *
 * @throws KicError `trainer/schedule`
 */
export const createSchedule = (config: ScheduleConfig, totalSteps: number): Schedule => {
  const warmup = warmupSteps(config, totalSteps)
  const after = decay(config, Math.max(1, totalSteps - warmup))
  return (step) => (step < warmup ? step / Math.max(1, warmup) : after(step - warmup))
}

const warmupSteps = ({ warmupSteps: steps, warmupRatio }: ScheduleConfig, totalSteps: number): number => {
  const value = steps ?? Math.ceil((warmupRatio ?? 0) * totalSteps)
  if ((steps !== undefined && warmupRatio !== undefined) || !Number.isInteger(value) || value < 0) {
    throw new KicError<TrainerErrorCode>(
      'trainer/schedule',
      `createSchedule: the warm-up must be warmupSteps, an integer of at least 0, or warmupRatio, from 0 to 1, received ${steps} and ${warmupRatio}. Correct it.`,
    )
  }
  return value
}

/** Factor by updates since the warm-up, out of `span` in total. */
const decay = (config: ScheduleConfig, span: number): Schedule => {
  switch (config.kind) {
    case 'constant':
      return () => 1
    case 'linear':
      return (step) => Math.max(0, (span - step) / span)
    case 'cosine':
      return (step) => Math.max(0, 0.5 * (1 + Math.cos(Math.PI * (config.cycles ?? 0.5) * 2 * (step / span))))
    case 'cosine-with-restarts':
      return (step) =>
        step >= span
          ? 0
          : Math.max(0, 0.5 * (1 + Math.cos(Math.PI * (((config.cycles ?? 1) * (step / span)) % 1))))
    case 'polynomial': {
      const { power = 1, endFactor = 0 } = config
      return (step) => (step > span ? endFactor : (1 - endFactor) * (1 - step / span) ** power + endFactor)
    }
    default:
      throw new KicError<TrainerErrorCode>(
        'trainer/schedule',
        `createSchedule: kind must be constant, linear, cosine, cosine-with-restarts or polynomial, received ${JSON.stringify(config)}. Correct it.`,
      )
  }
}
