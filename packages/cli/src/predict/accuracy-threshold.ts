import { KicError } from '@kic/core'
import { type PredictorInfo, reviewThreshold } from '@kic/predictor'
import { thresholdFor } from '@kic/scores'
import type { CliErrorCode } from '../error-code.ts'
import type { PredictCommandOptions } from './predict-options.ts'

/** The confidence of a guarantee unless given. */
export const CONFIDENCE = 0.95

/**
 * The threshold of review that an accuracy demands, guaranteed or expected; `undefined` if none is asked for.
 *
 * @throws KicError as `reviewThreshold`; `cli/no-curve`, `cli/expected-accuracy`
 */
export const thresholdOf = (
  info: PredictorInfo,
  { targetAccuracy, confidence = CONFIDENCE, expectedAccuracy }: PredictCommandOptions,
): number | undefined => {
  if (targetAccuracy !== undefined) return reviewThreshold(info, { targetAccuracy, confidence })
  return expectedAccuracy === undefined ? undefined : expectedThreshold(info, expectedAccuracy)
}

/** What a threshold guarantees, for people. */
export const describeGuarantee = (
  threshold: number | undefined,
  targetAccuracy: number,
  confidence: number,
): string =>
  `guaranteed with ${unrounded(confidence)} confidence: at least ${unrounded(targetAccuracy)} of answers like the calibration ` +
  `rows are right, from a confidence of ${threshold} on\n`

/** '99.99 %': a guarantee rounded up would promise more than it holds. */
const unrounded = (share: number): string => `${Number((100 * share).toPrecision(15))} %`

/**
 * The threshold at which the validation rows reach an accuracy at the finest level.
 *
 * @throws KicError `cli/no-curve`, `cli/expected-accuracy`
 */
const expectedThreshold = (info: PredictorInfo, accuracy: number): number => {
  const curve = info.calibration?.curve
  const level = info.levels.at(-1) ?? ''
  if (curve === undefined) {
    throw new KicError<CliErrorCode>(
      'cli/no-curve',
      `kic predict: --expected-accuracy needs a calibrated model, received ${info.name} without a validation curve. ` +
        'Calibrate it with `kic calibrate`.',
    )
  }
  const threshold = thresholdFor(curve, level, accuracy)
  if (threshold !== undefined) return threshold
  throw new KicError<CliErrorCode>(
    'cli/expected-accuracy',
    `kic predict: --expected-accuracy must be reachable on the validation rows of ${info.name}, received ${accuracy}, which no threshold reaches at the level ${level}. Set a lower accuracy.`,
  )
}
