import { type Classification, finestLevel } from '@kic/classification'
import type { Row } from '@kic/data'
import type { JudgedRow } from '@kic/scores'
import { classNumbers } from './labels.ts'
import type { Vote } from './vote.ts'

/** For each row how sure a vote is of its class at the finest level, and at which levels it is right. */
export const judgedRows = (
  classification: Classification,
  { predictions, groupProbabilities: { classes, data } }: Vote,
  rows: readonly Row[],
): JudgedRow[] => {
  const judged = Object.entries(predictions).map(
    ([level, labels]) => [level, labels, classNumbers(classification, level, rows)] as const,
  )
  const finest = predictions[finestLevel(classification)]
  return rows.map((_, row) => ({
    confidence: data[row * classes + (finest?.[row] ?? 0)],
    correct: Object.fromEntries(judged.map(([level, labels, truth]) => [level, labels[row] === truth[row]])),
  }))
}
