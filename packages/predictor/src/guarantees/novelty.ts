import { type NoveltyCalibration, noveltyPValue } from '@kic/scores'

/** How unlike the calibration rows a text is. */
export interface Novelty {
  /** How likely a text like the calibration rows is at least as strange, in (0, 1]. */
  readonly pValue: number
  /** Whether that is at most 0.01: one in a hundred ordinary texts is marked. */
  readonly novel: boolean
}

const MARKED = 0.01

/** The score of novelty, lower is stranger: the largest of a text's probabilities, [C]. */
export const familiarity = (probabilities: ArrayLike<number>): number => {
  let largest = 0
  for (let c = 0; c < probabilities.length; c++) largest = Math.max(largest, probabilities[c] ?? 0)
  return largest
}

/** @param probabilities [C] */
export const noveltyOf = (calibration: NoveltyCalibration, probabilities: ArrayLike<number>): Novelty => {
  const pValue = noveltyPValue(calibration, familiarity(probabilities))
  return { pValue, novel: pValue <= MARKED }
}
