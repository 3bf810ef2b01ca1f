import { splitRows } from '@kic/data'
import { classifierError } from '../classifier-error.ts'
import type { LearnedLevel, TaskRow } from './task-rows.ts'

/** Training rows, validation rows and classes. */
export interface Task extends LearnedLevel {
  readonly train: readonly TaskRow[]
  readonly validation: readonly TaskRow[]
  /** Sorted codes of the classes of the training rows, or of the teacher. */
  readonly classes: readonly string[]
}

/**
 * Keeps a share of the rows for validation. Equal texts are on one side, and classes are in proportion.
 *
 * @throws KicError `classifier/few-rows` if no row is left to validate or to train on, `classifier/one-class`
 */
export const splitTask = (
  rows: readonly TaskRow[],
  learned: LearnedLevel,
  { share, seed }: { readonly share: number; readonly seed: number },
): Task => {
  const { level } = learned
  const whole = taskOf(rows, [], learned)
  const { train, validation } = splitRows(rows, {
    fractions: { train: 1 - share, validation: share },
    seed,
    level,
  })
  if (train.length > 0 && validation.length > 0) return taskOf(train, validation, learned)
  throw classifierError(
    'classifier/few-rows',
    `trainClassifier: a share of ${share} of the rows validates the model, and the others train it, received ` +
      `${rows.length} rows of ${whole.classes.length} classes with ${new Set(rows.map(({ text }) => text)).size} ` +
      'different texts, too few for both: equal texts stay together. Give at least ten texts for each class.',
  )
}

/** @throws KicError `classifier/one-class` */
export const taskOf = (
  train: readonly TaskRow[],
  validation: readonly TaskRow[],
  learned: LearnedLevel,
): Task => {
  const { level, taught } = learned
  const classes = taught?.classes ?? [...new Set(train.map(({ labels }) => labels[level] ?? ''))].sort()
  if (classes.length > 1) return { ...learned, train, validation, classes }
  throw classifierError(
    'classifier/one-class',
    `trainClassifier: rows must have at least two classes, received ${train.length} rows of ` +
      `${classes.length === 0 ? 'none' : `one ${level}, '${classes[0]}'`}. Add rows of other classes, or choose another level.`,
  )
}
