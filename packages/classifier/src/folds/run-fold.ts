import type { Fold } from '@kic/data'
import type { StopReason } from '@kic/trainer'
import { classifierError } from '../classifier-error.ts'
import { splitTask, type Task } from '../rows/split-task.ts'
import type { TaskRow } from '../rows/task-rows.ts'
import type { ClassifierConfig } from '../train/classifier-config.ts'
import type { FitFromOptions } from '../train/fit-from.ts'
import { fitTask } from '../train/fit-task.ts'

/** The result of one fold. */
export interface FoldRun {
  /** Codes of the columns. */
  readonly classes: readonly string[]
  /** [N, C], of the fold's held-out rows. */
  readonly probabilities: Float32Array
  readonly trainingRows: number
  readonly steps: number
  readonly epochs: number
  readonly stopped: StopReason
}

/**
 * Trains on a fold's training rows and predicts its held-out rows, which take no part in the training. Early stopping and
 * best parameters use a share of the training rows for validation.
 *
 * @param learned level and classes of all folds
 * @throws KicError `classifier/few-rows`, and as `fitTask`
 */
export const runFold = async (
  { train, dev }: Fold<TaskRow>,
  learned: Pick<Task, 'classification' | 'level' | 'classes' | 'taught'>,
  options: Omit<FitFromOptions, 'task'>,
): Promise<FoldRun> => {
  if (train.length === 0) {
    throw classifierError(
      'classifier/few-rows',
      `crossValidate: a fold must leave rows to train on, received ${dev.length} rows that all have one text. Give rows ` +
        'of different texts.',
    )
  }
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
