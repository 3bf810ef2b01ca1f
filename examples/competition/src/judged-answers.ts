import { type Classification, labelNumbers, levelNames } from '@kic/classification'
import type { Row } from '@kic/data'
import type { JudgedAnswers } from '@kic/scores'

/** Class numbers of rows at every level. */
export const truthOf = (
  classification: Classification,
  rows: readonly Row[],
): Readonly<Record<string, Int32Array>> =>
  Object.fromEntries(
    levelNames(classification).map((level) => [level, labelNumbers(classification, level, rows)]),
  )

/** Predictions of rows with their labels. */
export const judgedAnswers = (
  classification: Classification,
  predicted: JudgedAnswers['predicted'],
  rows: readonly Row[],
): JudgedAnswers => ({ classification, predicted, actual: truthOf(classification, rows) })
