import { percent, textTable } from '@kic/core'
import type { ClassifierReport } from './classifier-report.ts'
import type { Evaluation } from './evaluate-classifier.ts'
import type { Confusion, LevelScores } from './score-level.ts'

/** A report as text: scores by level, the baseline below them and whether it is better, the most frequent confusions. */
export const describeReport = (report: Evaluation & Partial<ClassifierReport>): string => {
  const { rows, unusable, levels, baseline, training, confusions } = report
  return [
    `${rows} validation rows${describeUnusable(unusable)}:\n`,
    textTable([
      ['level', 'accuracy', 'macro-F1', 'labelled rows'],
      ...Object.entries(levels).map(([level, scores]) => scoreRow(level, scores)),
      ...(baseline === undefined ? [] : [scoreRow(baseline.model, baseline.scores)]),
    ]),
    ...describeBaseline(report),
    ...(training?.stopped === 'early-stopping' ? [`stopped early, after ${training.epochs} epochs\n`] : []),
    ...describeConfusions(confusions),
  ].join('')
}

/** The baseline is another model to use, where it is better. */
const describeBaseline = ({
  model,
  levels,
  baseline,
  training,
}: Evaluation & Partial<ClassifierReport>): readonly string[] => {
  const own = levels[training?.level ?? Object.keys(levels).at(-1) ?? '']
  if (baseline === undefined || own === undefined || baseline.scores.accuracy <= own.accuracy) return []
  return [`${baseline.model} is more accurate than the network: it is saved in ${model}/${baseline.folder}\n`]
}

const describeUnusable = (unusable: number): string => {
  if (unusable === 0) return ''
  return `, ${unusable} of them unusable and counted as wrong`
}

const scoreRow = (name: string, { accuracy, macroF1, rows }: LevelScores): readonly string[] => [
  name,
  percent(accuracy),
  percent(macroF1),
  String(rows),
]

/** Number of confusions shown. */
const SHOWN = 5

const describeConfusions = (confusions: readonly Confusion[]): readonly string[] => {
  if (confusions.length === 0) return []
  const rows = confusions
    .slice(0, SHOWN)
    .map(({ actual, predicted, rows: count }) => [actual, 'as', predicted, String(count)])
  return ['\nmost frequent confusions:\n', textTable(rows)]
}
