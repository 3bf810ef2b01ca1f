import { checkRows } from './check-rows.ts'

/** Precision, recall and F1 of one class, and how many rows are of it. */
export interface ClassScores {
  readonly label: number
  readonly precision: number
  readonly recall: number
  readonly f1: number
  readonly support: number
}

export interface ClassificationScores {
  readonly accuracy: number
  /** Mean of the classes' F1. */
  readonly macroF1: number
  /** F1 of all rows together; with one label a row it equals the accuracy. */
  readonly microF1: number
  /** Mean of the classes' F1, weighted by support. */
  readonly weightedF1: number
  readonly macroPrecision: number
  readonly macroRecall: number
  /** Every class that is predicted or actual, ascending: what the means are over. */
  readonly perClass: readonly ClassScores[]
}

/**
 * Scores of predicted against actual classes, as scikit-learn's `accuracy_score` and `precision_recall_fscore_support`
 * with `zero_division=0`: classes that occur in neither do not count.
 *
 * @throws KicError `scores/shape`
 */
export const classificationScores = (
  predicted: ArrayLike<number>,
  actual: ArrayLike<number>,
): ClassificationScores => {
  const rows = actual.length
  checkRows('classificationScores', predicted.length, rows)
  const [hits, guesses, support] = [
    new Map<number, number>(),
    new Map<number, number>(),
    new Map<number, number>(),
  ]
  const count = (counts: Map<number, number>, label: number): void => {
    counts.set(label, (counts.get(label) ?? 0) + 1)
  }
  for (let row = 0; row < rows; row++) {
    const [p, t] = [predicted[row] ?? 0, actual[row] ?? 0]
    count(guesses, p)
    count(support, t)
    if (p === t) count(hits, t)
  }
  const labels = [...new Set([...guesses.keys(), ...support.keys()])].sort((a, b) => a - b)
  const perClass = labels.map((label): ClassScores => {
    const [hit, guessed, there] = [hits.get(label) ?? 0, guesses.get(label) ?? 0, support.get(label) ?? 0]
    return {
      label,
      precision: guessed === 0 ? 0 : hit / guessed,
      recall: there === 0 ? 0 : hit / there,
      f1: (2 * hit) / (guessed + there),
      support: there,
    }
  })
  const mean = (of: (scores: ClassScores) => number): number =>
    perClass.reduce((sum, scores) => sum + of(scores), 0) / perClass.length
  const accuracy = [...hits.values()].reduce((a, b) => a + b, 0) / rows
  return {
    accuracy,
    macroF1: mean(({ f1 }) => f1),
    microF1: accuracy,
    weightedF1: perClass.reduce((sum, { f1, support: weight }) => sum + f1 * weight, 0) / rows,
    macroPrecision: mean(({ precision }) => precision),
    macroRecall: mean(({ recall }) => recall),
    perClass,
  }
}

/** Share of rows whose predicted class is the actual one. */
export const accuracy = (predicted: ArrayLike<number>, actual: ArrayLike<number>): number =>
  classificationScores(predicted, actual).accuracy
