import { ancestorLevels, type Classification, nodeOf } from '@kic/classification'
import { defined } from '@kic/core'
import type { PredictorInfo } from '../answers/predictor-info.ts'

/** The codes of a level that a model's classes have, in the order of the classification. */
export interface LevelClasses {
  readonly level: string
  readonly codes: readonly string[]
  readonly names: readonly string[]
  /** By class number of the model: the number of its code here, int32 [C]. */
  readonly ofClass: Int32Array
}

/**
 * The levels of a model's answers, coarsest first, as classes of their own.
 *
 * @throws KicError `classification/unknown-level`, `classification/unknown-code` for an ensemble whose classification lacks its codes
 */
export const levelClasses = ({
  classification,
  levels,
  classes,
}: Pick<PredictorInfo, 'classification' | 'levels' | 'classes'>): readonly LevelClasses[] =>
  ancestorLevels(classification, { level: levels.at(-1), codes: classes }).map(({ name, labels, ofClass }) =>
    occurring(classification, name, labels, ofClass),
  )

const occurring = (
  classification: Classification,
  level: string,
  labels: readonly string[],
  ofClass: Int32Array,
): LevelClasses => {
  const present = [...new Set(ofClass)].sort((a, b) => a - b)
  const numbers = new Map(present.map((label, number) => [label, number]))
  const codes = present.map((label) => defined(labels[label]))
  return {
    level,
    codes,
    names: codes.map((code) => defined(nodeOf(classification, level, code)).name),
    ofClass: ofClass.map((label) => defined(numbers.get(label))),
  }
}

/**
 * Probabilities of a level's codes: the sums over the model's classes below each.
 *
 * @param probabilities [C], of the model's classes
 */
export const probabilitiesAt = (
  { codes, ofClass }: LevelClasses,
  probabilities: ArrayLike<number>,
): Float64Array => {
  const sums = new Float64Array(codes.length)
  for (const [c, code] of ofClass.entries()) sums[code] = defined(sums[code]) + defined(probabilities[c])
  return sums.map((sum) => Math.min(1, sum))
}
