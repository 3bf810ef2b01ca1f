import { KicError } from '@kic/core'
import { splitRows } from '@kic/data'
import type { LearnedLevel, TaskRow } from './task-rows.ts'

/** What is learned and what it is judged by. */
export interface Task extends LearnedLevel {
  readonly train: readonly TaskRow[]
  readonly validation: readonly TaskRow[]
  /** Codes of the classes that the training rows have, in order. */
  readonly classes: readonly string[]
}

/**
 * Keeps a share of rows for validation, equal texts on one side and classes in proportion.
 *
 * @throws KicError `classifier/few-rows` where that leaves none
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
  throw new KicError(
    'classifier/few-rows',
    `trainClassifier: a share of ${share} of the rows is kept to validate the model, received ${rows.length} rows of ` +
      `${task.classes.length} classes, too few for one. Give at least ten rows for each class.`,
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
  throw new KicError(
    'classifier/one-class',
    `trainClassifier: rows must have at least two classes to tell apart, received ${train.length} rows of ` +
      `${classes.length === 0 ? 'none' : `one ${level}, '${classes[0]}'`}. Add rows of others, or choose another level.`,
  )
}
