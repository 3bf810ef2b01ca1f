import { codeIndex, flatClassification } from '@kic/classification'
import type { TextPreparation } from '@kic/data/prepare'
import type { LabelledRow } from '../rows/labelled-row.ts'
import { preparationFor, preparedRows } from '../rows/prepared-rows.ts'
import { splitTask, type Task, taskOf } from '../rows/split-task.ts'
import { type LearnedLevel, learnedLevel, type TaskRow, taskRows } from '../rows/task-rows.ts'
import { keptClassifier } from '../start/starting-point.ts'
import type { ClassifierConfig } from './classifier-config.ts'
import type { ProgressOutput } from './progress-output.ts'
import type { ClassifierOptions } from './train-options.ts'

/** Rows that are checked and prepared, not yet divided. */
export interface PreparedTask extends LearnedLevel {
  readonly rows: readonly TaskRow[]
  readonly preparation: TextPreparation
  /** Classes of the saved classifier whose head is kept. */
  readonly kept: readonly string[] | undefined
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
  options: Pick<ClassifierOptions, 'classification' | 'preparation'>,
  config: Pick<ClassifierConfig, 'from' | 'level' | 'head' | 'freshHead'>,
  output: ProgressOutput,
  alsoNamed: readonly LabelledRow[] = [],
): Promise<PreparedTask> => {
  const found = learnedLevel([...rows, ...alsoNamed], options.classification, config.level)
  const preparation = options.preparation ?? (await preparationFor(config.from, output))
  const given = taskRows(rows, found)
  const classes = new Set(given.map(({ labels }) => labels[found.level] ?? ''))
  const saved = (await keptClassifier({ ...config, classes: [...classes] }))?.classes
  const learned =
    options.classification === undefined && saved !== undefined ? withNames(found, saved) : found
  const kept = saved?.every((code) => codeIndex(learned.classification, learned.level, code) >= 0)
    ? saved
    : undefined
  return {
    ...learned,
    rows: preparedRows(given, preparation, output),
    preparation,
    kept,
    prepare: (more) => preparedRows(taskRows(more, learned), preparation, output),
  }
}

/** A flat classification with further names. */
const withNames = ({ classification, level }: LearnedLevel, more: readonly string[]): LearnedLevel => {
  const names = classification.levels.flatMap(({ nodes }) => nodes.map(({ code }) => code))
  return { level, classification: flatClassification([...new Set([...names, ...more])].sort(), { level }) }
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

/** The config with the folder to start from, and with a fresh head if none is kept. */
export const startingConfig = (
  config: ClassifierConfig,
  from: string | undefined,
  { kept }: PreparedTask,
): ClassifierConfig => ({ ...config, from, freshHead: kept === undefined })
