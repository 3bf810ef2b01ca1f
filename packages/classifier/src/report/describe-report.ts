import { percent, textTable } from '@kic/core'
import type { ClassifierReport } from './classifier-report.ts'
import type { Evaluation } from './evaluate-classifier.ts'
import type { Confusion } from './score-level.ts'

/** A report in words and tables, for people: scores by level, the baseline beside them, the most frequent confusions. */
export const describeReport = (report: Evaluation & Partial<ClassifierReport>): string => {
  const { rows, unusable, levels, baseline, training, confusions } = report
  const of =
    unusable === 0 ? '' : `, ${unusable} of them with texts that the model cannot use, which count as wrong`
  const scores = Object.entries(levels).map(([level, { rows: labelled, accuracy, macroF1 }]) => [
    level,
    percent(accuracy),
    percent(macroF1),
    String(labelled),
  ])
  const beside = baseline && [
    baseline.model,
    percent(baseline.scores.accuracy),
    percent(baseline.scores.macroF1),
    String(baseline.scores.rows),
  ]
  return [
    `${rows} validation rows${of}:\n`,
    textTable([['level', 'accuracy', 'macro-F1', 'labelled rows'], ...scores, ...(beside ? [beside] : [])]),
    ...(training?.stopped === 'early-stopping'
      ? [`ended early, after ${training.epochs} epochs without gain\n`]
      : []),
    ...describeConfusions(confusions),
  ].join('')
}

/** Confusions that are shown. */
const SHOWN = 5

const describeConfusions = (confusions: readonly Confusion[]): readonly string[] => {
  if (confusions.length === 0) return []
  const rows = confusions
    .slice(0, SHOWN)
    .map(({ actual, predicted, rows: count }) => [actual, 'taken for', predicted, String(count)])
  return ['\nmost frequent confusions:\n', textTable(rows)]
}
