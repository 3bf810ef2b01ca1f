import type { TextPreparation } from '@kic/data/prepare'
import type { LabelledRow } from '../rows/labelled-row.ts'
import { preparationFor, preparedRows } from '../rows/prepared-rows.ts'
import { splitTask, type Task, taskOf } from '../rows/split-task.ts'
import { type LearnedLevel, learnedLevel, type TaskRow, taskRows } from '../rows/task-rows.ts'
import type { ClassifierConfig } from './classifier-config.ts'
import type { ProgressOutput } from './progress-output.ts'
import type { ClassifierOptions } from './train-options.ts'

/** Rows that are checked and prepared, not yet divided. */
export interface PreparedTask extends LearnedLevel {
  readonly rows: readonly TaskRow[]
  readonly preparation: TextPreparation
  /** More rows, prepared in the same way. */
  prepare(more: readonly LabelledRow[]): readonly TaskRow[]
}

/**
 * Checks and prepares rows.
 *
 * @param alsoNamed more rows whose labels are classes, if there is no classification
 * @throws KicError `classifier/rows`, `classifier/level`, `data/preparation`
 */
export const prepareTask = async (
  rows: readonly LabelledRow[],
  { classification, preparation: given }: Pick<ClassifierOptions, 'classification' | 'preparation'>,
  { from, level }: Pick<ClassifierConfig, 'from' | 'level'>,
  output: ProgressOutput,
  alsoNamed: readonly LabelledRow[] = [],
): Promise<PreparedTask> => {
  const learned = learnedLevel([...rows, ...alsoNamed], classification, level)
  const preparation = given ?? (await preparationFor(from, output))
  const prepare = (of: readonly LabelledRow[]): readonly TaskRow[] =>
    preparedRows(taskRows(of, learned), preparation, output)
  return { ...learned, rows: prepare(rows), preparation, prepare }
}

/** The task divided: by the validation rows given, or by the config's share. */
export const divideTask = (
  { rows, classification, level, prepare }: PreparedTask,
  { validation: share, seed }: Pick<ClassifierConfig, 'validation' | 'seed'>,
  validationRows?: readonly LabelledRow[],
): Task =>
  validationRows === undefined
    ? splitTask(rows, { classification, level }, { share, seed })
    : taskOf(rows, prepare(validationRows), { classification, level })
