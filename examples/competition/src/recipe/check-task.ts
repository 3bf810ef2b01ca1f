import { codesOf, finestLevel, levelNames } from '@kic/classification'
import { KicError } from '@kic/core'
import type { Task } from '../load-task.ts'
import type { Recipe } from './recipe.ts'

/**
 * Checks that a task has classes and rows.
 *
 * @throws KicError `example/too-few-classes`, `example/no-rows`
 */
export const checkTask = (
  task: Pick<Task, 'classification' | 'train' | 'validation' | 'test' | 'submit'>,
): void => {
  const finest = finestLevel(task.classification)
  const codes = codesOf(task.classification, finest)
  if (codes.length < 2) {
    throw new KicError(
      'example/too-few-classes',
      `checkTask: a classifier must have at least two classes, received ${codes.length} of level ${finest}: ${codes.join(', ') || 'none'}. Add rows of other classes.`,
    )
  }
  for (const part of ['train', 'validation', 'test', 'submit'] as const) {
    if (task[part].length > 0) continue
    const sizes = `${task.train.length} to train on, ${task.validation.length} to validate, ${task.test.length} to test`
    throw new KicError(
      'example/no-rows',
      `checkTask: there must be rows for ${part}, received none: ${sizes}. Add rows with different texts.`,
    )
  }
}

/**
 * The recipe without members of levels with a single class, such as the divisions of rows from one division, and without
 * members that read the encoder of such a member.
 */
export const withoutSingleClasses = (
  recipe: Recipe,
  { classification }: Pick<Task, 'classification'>,
): Recipe => {
  const levels = levelNames(classification)
  const isLearned = (level: string | undefined): boolean =>
    level !== undefined && codesOf(classification, level).length > 1
  const members = recipe.members.filter(
    ({ level, fusion }) =>
      isLearned(level) && (fusion === 'none' || isLearned(levels[levels.indexOf(level) - 1])),
  )
  return { ...recipe, members, ngrams: recipe.ngrams.filter(({ level }) => isLearned(level)) }
}
