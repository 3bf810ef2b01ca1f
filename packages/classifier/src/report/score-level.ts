import type { Labels } from '@kic/classification'
import type { Prediction } from '@kic/predictor'
import { classificationScores } from '@kic/scores'

/** A row and its prediction. */
export interface AnsweredRow {
  readonly prediction: Prediction
  readonly labels: Labels
}

/** A classifier's scores at one level. */
export interface LevelScores {
  /** Rows with a label at this level, which the scores are based on. */
  readonly rows: number
  readonly accuracy: number
  readonly macroF1: number
}

/** A classifier's scores on one class. */
export interface ClassReport {
  readonly label: string
  readonly precision: number
  readonly recall: number
  readonly f1: number
  /** Rows of this class. */
  readonly support: number
}

/** Rows of one class that were predicted as another. */
export interface Confusion {
  readonly actual: string
  readonly predicted: string
  readonly rows: number
}

/** Maximum number of reported confusions. */
const CONFUSIONS = 20

/** The number of a row without an answer. It is not a class, so the row counts as wrong and adds no class. */
const NO_CODE = -1

/** Scores from actual and predicted class names; `undefined` means no answer. */
export const scoreNames = (
  actual: readonly string[],
  predicted: readonly (string | undefined)[],
): {
  readonly scores: LevelScores
  readonly classes: readonly ClassReport[]
  readonly confusions: readonly Confusion[]
} => {
  const names: string[] = []
  const numbers = new Map<string, number>()
  const numberOf = (name: string): number => {
    const known = numbers.get(name)
    if (known !== undefined) return known
    numbers.set(name, names.length)
    return names.push(name) - 1
  }
  const truth = actual.map(numberOf)
  const found = predicted.map((name) => (name === undefined ? NO_CODE : numberOf(name)))
  const { accuracy, perClass } = classificationScores(found, truth)
  const classes = perClass
    .filter(({ label }) => label !== NO_CODE)
    .map(({ label, ...scores }) => ({ label: names[label] ?? '', ...scores }))
  return {
    scores: {
      rows: actual.length,
      accuracy,
      macroF1: classes.reduce((sum, { f1 }) => sum + f1, 0) / classes.length,
    },
    classes: classes.toSorted((a, b) => (a.label < b.label ? -1 : 1)),
    confusions: confusionsOf(actual, predicted),
  }
}

/** Scores of the rows with a label at a level; `undefined` without such rows. */
export const scoreLevel = (rows: readonly AnsweredRow[], level: string) => {
  const judged = rows.flatMap(({ prediction, labels }) => {
    const actual = labels[level]
    if (actual === undefined) return []
    return [
      { actual, predicted: prediction.status === 'unusable' ? undefined : prediction.codes[level]?.code },
    ]
  })
  if (judged.length === 0) return undefined
  return scoreNames(
    judged.map(({ actual }) => actual),
    judged.map(({ predicted }) => predicted),
  )
}

const confusionsOf = (
  actual: readonly string[],
  predicted: readonly (string | undefined)[],
): readonly Confusion[] => {
  const counts = new Map<string, Confusion>()
  for (const [row, name] of actual.entries()) {
    const other = predicted[row]
    if (other === undefined || other === name) continue
    const key = JSON.stringify([name, other])
    counts.set(key, { actual: name, predicted: other, rows: (counts.get(key)?.rows ?? 0) + 1 })
  }
  return [...counts.values()].toSorted((a, b) => b.rows - a.rows).slice(0, CONFUSIONS)
}
