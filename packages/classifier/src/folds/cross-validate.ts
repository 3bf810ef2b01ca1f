import { findLabelNoise, type NoisyLabel, crossValidate as outOfFold } from '@kic/data'
import type { Engine } from '@kic/engine'
import { loadHead } from '@kic/roberta/node'
import type { LabelledRow } from '../rows/labelled-row.ts'
import { taskOf } from '../rows/split-task.ts'
import type { TaskRow } from '../rows/task-rows.ts'
import { classNumbers } from '../start/class-numbers.ts'
import { startingFolder } from '../start/starting-folder.ts'
import { teacherAnswers } from '../teacher/teacher-answers.ts'
import { withTeacher } from '../teacher/with-teacher.ts'
import { fingerprintOf } from '../train/describe-run.ts'
import { prepareTask, startingConfig } from '../train/make-task.ts'
import { progressOutput } from '../train/progress-output.ts'
import { type ClassifierOptions, configOf } from '../train/train-options.ts'
import { openTrainingFolder } from '../train/training-folder.ts'
import { withEngine } from '../train/with-engine.ts'
import { type OutOfFoldScores, outOfFoldScores } from './fold-report.ts'
import { type FoldRun, runFold } from './run-fold.ts'
import { loadFold, saveFold } from './stored-fold.ts'

export interface CrossValidateOptions extends ClassifierOptions {
  /** Default 5. */
  readonly folds?: number | undefined
  /** Stores finished folds and checkpoints here, so that the same call resumes. The caller removes it. Default: nothing is stored. */
  readonly folder?: string | undefined
  /** Discards what is in the folder. */
  readonly restart?: boolean | undefined
}

/** Scores of one fold, and figures of its training. */
export type FoldReport = OutOfFoldScores & Omit<FoldRun, 'probabilities' | 'classes'>

export interface CrossValidation {
  /** The evaluated rows: all but those with blank texts. */
  readonly rows: readonly TaskRow[]
  /** Codes of the columns. */
  readonly classes: readonly string[]
  /** [N, C], by models that were trained neither on the row nor on an equal text. */
  readonly probabilities: Float32Array
  readonly report: CrossValidationReport
  /** Rows whose labels are probably wrong, most certain first; class numbers are columns. */
  readonly noisyLabels: readonly NoisyLabel[]
}

export interface CrossValidationReport {
  readonly level: string
  readonly all: OutOfFoldScores
  readonly folds: readonly FoldReport[]
}

/**
 * Cross-validation: every row is predicted by a model that was trained on the other folds. Equal texts are in one fold, and
 * classes are in proportion.
 *
 * @throws KicError `data/bad-folds`, and as `trainClassifier`
 */
export const crossValidate = async (
  rows: readonly LabelledRow[],
  options: CrossValidateOptions = {},
): Promise<CrossValidation> => {
  const { folds = 5, folder } = options
  const config = configOf(options, ['folds', 'folder'])
  const output = progressOutput(options.progress)
  if (config.head !== undefined) await loadHead(config.head)
  const from = await startingFolder(config.from, output)
  const { prepared, task, place, answers } = await withTeacher(config.teacher, async (teacher) => {
    const prepared = await prepareTask(rows, options, { ...config, from }, output, [], teacher)
    const task = taskOf(prepared.rows, [], prepared)
    const { config: described, ...inputs } = await fingerprintOf(config, from, task, options, teacher)
    const fingerprint = { config: { ...described, folds }, ...inputs }
    const place =
      folder === undefined
        ? undefined
        : await openTrainingFolder('crossValidate', folder, fingerprint, options.restart)
    const storing = { folder: place?.path, output, signal: options.signal }
    return { prepared, task, place, answers: teacher && (await teacherAnswers(teacher, task, storing)) }
  })
  const { classification, level, taught } = prepared
  const classes = prepared.kept ?? task.classes
  const learned = { classification, level, classes, taught }
  output.say(`${task.train.length} rows in ${folds} folds, ${classes.length} classes (${level})`)
  const runs: FoldRun[] = []
  const judged: (readonly TaskRow[])[] = []
  const run = (engine: Engine) =>
    outOfFold(
      task.train,
      { folds, seed: config.seed, level, classes: classes.length },
      async (fold, number) => {
        const name = `fold-${number + 1}`
        const before = place && (await loadFold(place, name))
        const done =
          before ??
          (await runFold(fold, learned, {
            engine,
            config: startingConfig(config, from, prepared),
            answers,
            loss: options.loss,
            checkpoints: place?.checkpoints(name, config.checkpoints),
            callbacks: options.callbacks,
            signal: options.signal,
            output,
            label: `fold ${number + 1} of ${folds}`,
          }))
        if (before === undefined && place !== undefined) await saveFold(place, name, done)
        runs.push(done)
        judged.push(fold.dev)
        return done.probabilities
      },
    )
  const probabilities = await withEngine(options.engine, run)
  const labels = classNumbers(
    classes,
    task.train.map((row) => row.labels[level]),
  )
  return {
    rows: task.train,
    classes,
    probabilities,
    noisyLabels: findLabelNoise(probabilities, labels, classes.length),
    report: {
      level,
      all: outOfFoldScores(task.train, learned, classes, probabilities),
      folds: runs.map(({ probabilities: of, classes: _, ...how }, i) => ({
        ...outOfFoldScores(judged[i] ?? [], learned, classes, of),
        ...how,
      })),
    },
  }
}
