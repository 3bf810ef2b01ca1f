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

/** A guaranteed threshold, or in words why the rows cannot show the accuracy. */
const thresholdFor = (
  info: PredictorInfo,
  { targetAccuracy, confidence }: AccuracyOptions,
): number | string => {
  const level = info.levels.at(-1) ?? ''
  const options = { accuracy: targetAccuracy, confidenceLevel: confidence }
  const found = guaranteedThreshold(guaranteesOf(info).curve, level, options)
  if (found.threshold !== null) return found.threshold
  const { reason, rows, correct, rowsNeeded } = found
  return reason === 'too-few-rows'
    ? `${targetAccuracy} takes ${rowsNeeded} calibration rows without an error; there are ${rows}. Calibrate on more rows, or ask for less.`
    : `of the ${rows} most confident calibration rows, ${correct} are right at the level ${level}, too few for ${targetAccuracy}. ` +
        'Ask for less, or review every answer.'
}

/**
 * Why no threshold guarantees an accuracy, in words without the model's name: how many calibration rows it takes and how many
 * there are, or how many of them are right. Undefined if one does.
 *
 * @throws KicError `predictor/no-guarantees`, `scores/accuracy`
 */
export const thresholdShortfall = (info: PredictorInfo, options: AccuracyOptions): string | undefined => {
  const found = thresholdFor(info, options)
  return typeof found === 'string' ? found : undefined
}

/**
 * The lowest confidence from which on answers are guaranteed to be as accurate as asked.
 *
 * @throws KicError `predictor/no-guarantees`; `predictor/no-threshold` if the rows cannot show such an accuracy;
 * `scores/accuracy`
 */
export const reviewThreshold = (info: PredictorInfo, options: AccuracyOptions): number => {
  const found = thresholdFor(info, options)
  if (typeof found === 'number') return found
  throw new KicError<PredictorErrorCode>(
    'predictor/no-threshold',
    `predict: the calibration rows of ${info.name} must show the target accuracy, received ${options.targetAccuracy}: ${found}`,
  )
}
