import { percent, textTable } from '@kic/core'
import type { CrossValidationReport } from './cross-validate.ts'

/** A cross-validation as text: the scores of each fold, of all rows, and how much folds differ. */
export const describeCrossValidation = ({ level, all, folds }: CrossValidationReport): string => {
  const rows = [...folds.map((fold, i) => [`fold ${i + 1}`, fold] as const), ['all rows', all] as const].map(
    ([name, { levels, rows: count }]) => [
      name,
      percent(levels[level]?.accuracy ?? 0),
      percent(levels[level]?.macroF1 ?? 0),
      String(count),
    ],
  )
  const accuracies = folds.map(({ levels }) => levels[level]?.accuracy ?? 0)
  return (
    `cross-validation (${level}):\n` +
    textTable([['', 'accuracy', 'macro-F1', 'rows'], ...rows]) +
    `accuracy ${percent(mean(accuracies))} ± ${percent(deviation(accuracies))} over ${folds.length} folds\n`
  )
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length

/** Standard deviation of a sample. */
const deviation = (values: readonly number[]): number => {
  const center = mean(values)
  return Math.sqrt(values.reduce((sum, value) => sum + (value - center) ** 2, 0) / (values.length - 1))
}
