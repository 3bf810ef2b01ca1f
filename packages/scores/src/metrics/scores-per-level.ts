import type { AncestorLevel } from '@kic/classification'
import { classesPerLevel } from './classes-per-level.ts'
import { type ClassificationScores, classificationScores } from './classification-scores.ts'

/**
 * `classificationScores` at each level, in the order of the levels.
 *
 * @param levels as in `classesPerLevel`
 * @throws KicError `scores/shape`, `scores/labels` for a class without an ancestor.
 */
export const scoresPerLevel = (
  predicted: ArrayLike<number>,
  actual: ArrayLike<number>,
  levels: readonly AncestorLevel[],
): readonly ClassificationScores[] => {
  const truth = classesPerLevel(actual, levels)
  return classesPerLevel(predicted, levels).map((level, i) => classificationScores(level, truth[i] ?? []))
}
