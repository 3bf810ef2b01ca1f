import { finestLevel } from '@kic/classification'
import type { JudgedAnswers } from '../errors/judged-answers.ts'
import type { JudgedRow } from './validation-curve.ts'

/** For each row how sure a classifier is of its class at the finest level, and at which levels it is right. */
export const judgeRows = (
  { classification, predicted, actual }: JudgedAnswers,
  probabilities: Float32Array,
  classes: number,
): JudgedRow[] => {
  const finest = predicted[finestLevel(classification)] ?? new Int32Array(0)
  const levels = Object.entries(predicted)
  return Array.from(finest, (own, row) => ({
    confidence: probabilities[row * classes + own],
    correct: Object.fromEntries(
      levels.map(([level, labels]) => {
        const truth = actual[level]?.[row] ?? -1
        return [level, truth < 0 ? undefined : labels[row] === truth]
      }),
    ),
  }))
}
