import type { Fold } from '@kic/data'
import type { StopReason } from '@kic/trainer'
import { splitTask, type Task } from '../rows/split-task.ts'
import type { TaskRow } from '../rows/task-rows.ts'
import type { ClassifierConfig } from '../train/classifier-config.ts'
import { type FitTaskOptions, fitTask } from '../train/fit-task.ts'

/** What one fold came to. */
export interface FoldRun {
  /** Codes of the columns. */
  readonly classes: readonly string[]
  /** [N, C] of the rows that the fold is judged by. */
  readonly probabilities: Float32Array
  readonly trainingRows: number
  readonly steps: number
  readonly epochs: number
  readonly stopped: StopReason
}

/**
 * Trains on a fold's training rows and predicts the others, which have no part in the training: a config that looks at
 * validation rows, to stop early or to keep the best parameters, gets a share of the training rows for it.
 *
 * @param learned level and classes of all folds
 */
export const runFold = async (
  { train, dev }: Fold<TaskRow>,
  learned: Pick<Task, 'classification' | 'level' | 'classes'>,
  options: Omit<FitTaskOptions, 'task'>,
): Promise<FoldRun> => {
  const { validation: share, seed } = options.config
  const { classes, ...level } = learned
  const parts = looksAtValidation(options.config)
    ? splitTask(train, level, { share, seed })
    : { train, validation: [] }
  const task: Task = { ...level, train: parts.train, validation: parts.validation, classes }
  const fitted = await fitTask({ ...options, task })
  const { steps, epoch, stopped } = fitted.result
  return {
    classes: fitted.classes,
    probabilities: (await fitted.predict(dev)).probabilities(),
    trainingRows: task.train.length,
    steps,
    epochs: epoch,
    stopped,
  }
}

const looksAtValidation = ({ evaluate }: ClassifierConfig): boolean =>
  evaluate.best !== undefined || evaluate.earlyStopping !== undefined
