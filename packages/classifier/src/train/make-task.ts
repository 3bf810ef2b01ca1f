import { codeIndex, flatClassification } from '@kic/classification'
import type { TextPreparation } from '@kic/data/prepare'
import { classifierError } from '../classifier-error.ts'
import type { LabelledRow } from '../rows/labelled-row.ts'
import { preparationFor } from '../rows/preparation-for.ts'
import { preparedRows } from '../rows/prepared-rows.ts'
import { splitTask, type Task, taskOf } from '../rows/split-task.ts'
import { type LearnedLevel, learnedLevel, type TaskRow, taskRows, unlabelledRows } from '../rows/task-rows.ts'
import { keptClassifier } from '../start/starting-point.ts'
import { checkTeacher } from '../teacher/check-teacher.ts'
import type { Teacher } from '../teacher/with-teacher.ts'
import type { ClassifierConfig } from './classifier-config.ts'
import type { ProgressOutput } from './progress-output.ts'
import type { ClassifierOptions } from './train-options.ts'

/** Checked and prepared rows before the split. */
export interface PreparedTask extends LearnedLevel {
  readonly rows: readonly TaskRow[]
  readonly preparation: TextPreparation
  /** Classes of the saved classifier whose head is kept. */
  readonly kept: readonly string[] | undefined
  /** Prepares more rows in the same way. */
  prepare(more: readonly LabelledRow[]): readonly TaskRow[]
}

/**
 * Checks and prepares rows.
 *
 * @param alsoNamed more rows whose labels are classes, if there is no classification
 * @param teacher whose classes become the student's
 * @throws KicError `classifier/rows` for invalid rows, or if all texts are blank; `classifier/level`, `data/preparation`,
 *   `classifier/teacher` if its classes are others, or if texts without labels have no teacher
 */
export const prepareTask = async (
  rows: readonly LabelledRow[],
  options: Pick<ClassifierOptions, 'classification' | 'preparation' | 'unlabelledRows'>,
  config: Pick<ClassifierConfig, 'from' | 'level' | 'head' | 'freshHead' | keyof Balancing>,
  output: ProgressOutput,
  alsoNamed: readonly LabelledRow[] = [],
  teacher?: Teacher,
): Promise<PreparedTask> => {
  checkUnlabelled(options.unlabelledRows, teacher, config)
  const found = learnedLevel([...rows, ...alsoNamed], options.classification, config.level)
  const preparation = options.preparation ?? (await preparationFor(config.from, output))
  const given = taskRows(rows, found)
  const labels = new Set(given.map(({ labels }) => labels[found.level] ?? ''))
  const classes = [...new Set([...labels, ...(teacher?.classes ?? [])])]
  const saved = (await keptClassifier({ ...config, classes }))?.classes
  const names = [...(saved ?? []), ...(teacher?.classes ?? [])]
  const learned = options.classification === undefined && names.length > 0 ? withNames(found, names) : found
  if (teacher !== undefined) checkTeacher(teacher, learned, labels)
  const kept = saved?.every((code) => codeIndex(learned.classification, learned.level, code) >= 0)
    ? saved
    : undefined
  const usable = preparedRows(given, preparation, output)
  const taught = teacher && {
    classes: [...teacher.classes].sort(),
    unlabelled: preparedRows(unlabelledRows(options.unlabelledRows ?? []), preparation, output),
  }
  if (usable.length + (taught?.unlabelled.length ?? 0) === 0) {
    throw classifierError(
      'classifier/rows',
      `trainClassifier: rows must have texts that can be seen, received ${rows.length} rows with blank ones. Check where ` +
        'the texts come from.',
    )
  }
  return {
    ...learned,
    taught,
    rows: usable,
    preparation,
    kept,
    prepare: (more) => preparedRows(taskRows(more, learned), preparation, output),
  }
}

/** What balances classes by the labels of rows. */
type Balancing = Pick<ClassifierConfig, 'classBalance' | 'classWeights'>

/** @throws KicError `classifier/teacher` */
const checkUnlabelled = (
  rows: readonly unknown[] = [],
  teacher: Teacher | undefined,
  { classBalance, classWeights }: Balancing,
): void => {
  if (rows.length === 0) return
  if (teacher === undefined) {
    throw classifierError(
      'classifier/teacher',
      `trainClassifier: texts without labels need a teacher, received ${rows.length} texts and none. Set teacher (kic: --teacher).`,
    )
  }
  if (classBalance === undefined && classWeights !== 'balanced') return
  throw classifierError(
    'classifier/teacher',
    `trainClassifier: balancing classes takes labels, received ${rows.length} texts without. Leave classBalance and balanced ` +
      'classWeights out.',
  )
}

/** A flat classification with more names. */
const withNames = ({ classification, level }: LearnedLevel, more: readonly string[]): LearnedLevel => {
  const names = classification.levels.flatMap(({ nodes }) => nodes.map(({ code }) => code))
  return { level, classification: flatClassification([...new Set([...names, ...more])].sort(), { level }) }
}

/**
 * Splits the task: by the given validation rows, or by the config's share.
 *
 * @throws KicError `classifier/few-rows` if there is no row to validate, `classifier/one-class`
 */
export const divideTask = (
  { rows, classification, level, taught, prepare }: PreparedTask,
  { validation: share, seed }: Pick<ClassifierConfig, 'validation' | 'seed'>,
  validationRows?: readonly LabelledRow[],
): Task => {
  const learned = { classification, level, taught }
  if (validationRows === undefined) return splitTask(rows, learned, { share, seed })
  const validation = prepare(validationRows)
  if (validation.length > 0) return taskOf(rows, validation, learned)
  throw classifierError(
    'classifier/few-rows',
    `trainClassifier: validationRows must have a row with a text, received ${validationRows.length} rows without. Give ` +
      'some, or leave validationRows out: a share of the rows then validates the model.',
  )
}

/** The config with the resolved folder to start from, and a fresh head unless one is kept. */
export const startingConfig = (
  config: ClassifierConfig,
  from: string | undefined,
  { kept }: PreparedTask,
): ClassifierConfig => ({ ...config, from, freshHead: kept === undefined })
