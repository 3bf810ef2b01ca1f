import { type Hierarchy, labelNumbers, levelNames } from '@kic/classification'
import type { Row } from '@kic/data'
import type { JudgedAnswers } from '@kic/scores'

/** Class numbers of rows at every level. */
export const truthOf = (hierarchy: Hierarchy, rows: readonly Row[]): Readonly<Record<string, Int32Array>> =>
  Object.fromEntries(levelNames(hierarchy).map((level) => [level, labelNumbers(hierarchy, level, rows)]))

/** Predictions of rows beside their labels. */
export const judgedAnswers = (
  hierarchy: Hierarchy,
  predicted: JudgedAnswers['predicted'],
  rows: readonly Row[],
): JudgedAnswers => ({ hierarchy, predicted, actual: truthOf(hierarchy, rows) })
