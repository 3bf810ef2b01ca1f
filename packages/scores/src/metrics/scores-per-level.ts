import { classesPerLevel } from './classes-per-level.ts'
import { type ClassificationScores, classificationScores } from './classification-scores.ts'

/**
 * `classificationScores` at each level, from the rows' own upwards.
 *
 * @param parents as in `classesPerLevel`
 * @throws KicError `scores/shape`, `scores/labels` for a class without a parent.
 */
export const scoresPerLevel = (
  predicted: ArrayLike<number>,
  actual: ArrayLike<number>,
  parents: readonly ArrayLike<number>[],
): readonly ClassificationScores[] => {
  const truth = classesPerLevel(actual, parents)
  return classesPerLevel(predicted, parents).map((level, i) => classificationScores(level, truth[i] ?? []))
}
