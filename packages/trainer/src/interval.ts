import { KicError } from '@kic/core'
import type { TrainerErrorCode } from './error-code.ts'

/** The frequency of an event: every number of updates or epochs (0.5 is twice an epoch). */
export type Interval = { readonly everySteps: number } | { readonly everyEpochs: number }

/** Tolerance for epochs, which are sums of fractions. */
const SLACK = 1e-9

/** Whether the update that led to `step` and to `epochs` (a fraction) passed a multiple of the interval. */
export const isDue = (
  interval: Interval,
  at: { readonly step: number; readonly epochsBefore: number; readonly epochs: number },
): boolean =>
  'everySteps' in interval
    ? at.step % interval.everySteps === 0
    : Math.floor(at.epochs / interval.everyEpochs + SLACK) >
      Math.floor(at.epochsBefore / interval.everyEpochs + SLACK)

/** @throws KicError `trainer/options` for an interval that is not above 0. */
export const checkInterval = (name: string, interval: Interval): void => {
  const valid =
    'everySteps' in interval
      ? Number.isInteger(interval.everySteps) && interval.everySteps > 0
      : interval.everyEpochs > 0 && Number.isFinite(interval.everyEpochs)
  if (!valid) {
    throw new KicError<TrainerErrorCode>(
      'trainer/options',
      `train: ${name} needs everySteps, a positive integer, or everyEpochs, above 0, received ${JSON.stringify(interval)}. Correct it.`,
    )
  }
}
