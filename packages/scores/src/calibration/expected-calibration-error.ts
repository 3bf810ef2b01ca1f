import { reliabilityBins } from './reliability-bins.ts'

/**
 * Expected calibration error (Guo et al. 2017, arXiv:1706.04599, eq. 3): the gap between confidence and accuracy over
 * equal-width bins of confidence, weighted by their rows. Probabilities [N, C].
 *
 * @throws KicError `scores/shape`, `scores/not-a-number`
 */
export const expectedCalibrationError = (
  probabilities: ArrayLike<number>,
  classes: number,
  actual: ArrayLike<number>,
  bins = 15,
): number =>
  reliabilityBins(probabilities, classes, actual, bins).reduce(
    (gap, { confidence, accuracy, rows }) => gap + (rows / actual.length) * Math.abs(accuracy - confidence),
    0,
  )
