import { splitRows } from '@kic/data'
import { classifierError } from '../classifier-error.ts'
import type { LearnedLevel, TaskRow } from './task-rows.ts'

/** Training rows, validation rows and classes. */
export interface Task extends LearnedLevel {
  readonly train: readonly TaskRow[]
  readonly validation: readonly TaskRow[]
  /** Sorted codes of the training rows' classes. */
  readonly classes: readonly string[]
}

/**
 * Keeps a share of the rows for validation. Equal texts are on one side, and classes are in proportion.
 *
 * @throws KicError `classifier/few-rows` if no row is left for validation
 */
export const splitTask = (
  rows: readonly TaskRow[],
  learned: LearnedLevel,
  { share, seed }: { readonly share: number; readonly seed: number },
): Task => {
  const { level } = learned
  const { train, validation } = splitRows(rows, {
    fractions: { train: 1 - share, validation: share },
    seed,
    level,
  })
  const task = taskOf(train, validation, learned)
  if (validation.length > 0) return task
  throw classifierError(
    'classifier/few-rows',
    `trainClassifier: a share of ${share} of the rows is held out for validation, received ${rows.length} rows of ` +
      `${task.classes.length} classes, which is too few. Provide at least ten rows per class.`,
  )
}

/** @throws KicError `classifier/one-class` */
export const taskOf = (
  train: readonly TaskRow[],
  validation: readonly TaskRow[],
  learned: LearnedLevel,
): Task => {
  const { level } = learned
  const classes = [...new Set(train.map(({ labels }) => labels[level] ?? ''))].sort()
  if (classes.length > 1) return { ...learned, train, validation, classes }
  throw classifierError(
    'classifier/one-class',
    `trainClassifier: rows must have at least two classes, received ${train.length} rows of ` +
      `${classes.length === 0 ? 'none' : `one ${level}, '${classes[0]}'`}. Add rows of other classes, or choose another level.`,
  )
}
