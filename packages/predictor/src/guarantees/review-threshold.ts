import { KicError } from '@kic/core'
import { guaranteedThreshold } from '@kic/scores'
import type { PredictorInfo } from '../answers/predictor-info.ts'
import type { PredictorErrorCode } from '../error-code.ts'
import { guaranteesOf } from './code-sets.ts'

/** An accuracy to guarantee. */
export interface AccuracyOptions {
  /** The accuracy of the answers that no person reviews, at the finest level, between 0 and 1. */
  readonly targetAccuracy: number
  /** The probability that the guarantee holds, over draws of the calibration rows; default 0.95. */
  readonly confidence?: number | undefined
}

/**
 * The lowest confidence from which on answers are guaranteed to be as accurate as asked.
 *
 * @throws KicError `predictor/no-guarantees`; `predictor/no-threshold` if the rows cannot show such an accuracy;
 * `scores/accuracy`
 */
export const reviewThreshold = (
  info: PredictorInfo,
  { targetAccuracy, confidence }: AccuracyOptions,
): number => {
  const { curve } = guaranteesOf(info)
  const level = info.levels.at(-1) ?? ''
  const found = guaranteedThreshold(curve, level, { accuracy: targetAccuracy, confidenceLevel: confidence })
  if (found.threshold !== null) return found.threshold
  const { reason, rows, correct, rowsNeeded } = found
  throw new KicError<PredictorErrorCode>(
    'predictor/no-threshold',
    `predict: the calibration rows of ${info.name} must show the target accuracy, received ${targetAccuracy}, ` +
      (reason === 'too-few-rows'
        ? `which takes ${rowsNeeded} rows without an error; there are ${rows}. Calibrate on more rows, or ask for less.`
        : `but of the ${rows} most confident rows, ${correct} are right at the level ${level}. Ask for less, or review every answer.`),
  )
}
