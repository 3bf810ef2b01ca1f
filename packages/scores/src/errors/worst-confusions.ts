import { finestLevel } from '@kic/classification'
import type { JudgedAnswers } from './judged-answers.ts'
import { countAt, levelConfusion, type NamedClass } from './level-confusion.ts'

/** Two classes that were confused, with texts where it happened. */
export interface ConfusedPair {
  readonly actual: NamedClass
  readonly predicted: NamedClass
  readonly count: number
  /** Rows of the actual class. */
  readonly support: number
  readonly examples: readonly string[]
}

/**
 * The pairs of classes of the finest level that were confused most often.
 *
 * @param texts of the rows
 * @param pairs how many, at most
 * @param examples texts of each pair, at most
 */
export const worstConfusions = (
  judged: JudgedAnswers,
  texts: readonly string[],
  {
    pairs = 20,
    examples = 3,
  }: { readonly pairs?: number | undefined; readonly examples?: number | undefined } = {},
): ConfusedPair[] => {
  const confusion = levelConfusion(judged, finestLevel(judged.classification))
  const { classes, level } = confusion
  const [actual, predicted] = [judged.actual[level], judged.predicted[level]]
  const found = classes.flatMap((own, row) =>
    classes.flatMap((other, column) => {
      const count = row === column ? 0 : countAt(confusion, row, column)
      return count === 0 ? [] : [{ own, other, row, column, count }]
    }),
  )
  return found
    .sort((a, b) => b.count - a.count)
    .slice(0, pairs)
    .map(({ own, other, row, column, count }) => ({
      actual: own,
      predicted: other,
      count,
      support: classes.reduce((sum, _, i) => sum + countAt(confusion, row, i), 0),
      examples: texts.filter((_, i) => actual?.[i] === row && predicted?.[i] === column).slice(0, examples),
    }))
}
