import { NAIVE_BAYES_FEATURES, trainNgramModel } from '@kic/ngram'
import type { Task } from '../rows/split-task.ts'
import type { TaskRow } from '../rows/task-rows.ts'
import type { BaselineReport } from './classifier-report.ts'
import { scoreNames } from './score-level.ts'

/** Maximum number of n-gram counts by class: 1 GiB of float32. */
const MOST_COUNTS = 2 ** 28

/**
 * Scores of a simple model on the validation rows: naive Bayes on character n-grams, which learns in seconds. A classifier
 * that is not clearly better has learned little. `undefined` if there are too many classes for its counts.
 */
export const baselineReport = ({ train, validation, classes, level }: Task): BaselineReport | undefined => {
  if (classes.length * NAIVE_BAYES_FEATURES > MOST_COUNTS) return undefined
  const started = performance.now()
  const textsOf = (rows: readonly TaskRow[]): readonly string[] => rows.map(({ text }) => text)
  const namesOf = (rows: readonly TaskRow[]): readonly string[] =>
    rows.map(({ labels }) => labels[level] ?? '')
  const rows = train.map(({ text, labels }) => ({ text, label: labels[level] ?? '' }))
  const model = trainNgramModel(rows, { model: 'naive-bayes', labels: classes })
  const { scores } = scoreNames(namesOf(validation), model.predict(textsOf(validation)))
  return { model: 'naive Bayes on n-grams', scores, seconds: (performance.now() - started) / 1000 }
}
