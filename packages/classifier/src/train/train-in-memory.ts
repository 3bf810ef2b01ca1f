import { defined, type FolderFiles, isKicError } from '@kic/core'
import { defaultPreparation } from '@kic/data/prepare'
import type { Engine } from '@kic/engine'
import {
  acceptedTexts,
  calibrate,
  calibrationHalves,
  encodeNotes,
  filesInMemory,
  loadPredictor,
  type ModelNotes,
  type OnnxRuntime,
} from '@kic/predictor'
import type { StopReason, TrainCallbacks } from '@kic/trainer'
import { classifierError } from '../classifier-error.ts'
import type { LabelledRow } from '../rows/labelled-row.ts'
import { preparedRows } from '../rows/prepared-rows.ts'
import { splitTask, type Task } from '../rows/split-task.ts'
import { learnedLevel, taskRows } from '../rows/task-rows.ts'
import { encodeClassifier } from '../save/encode-classifier.ts'
import { freshClassifier } from '../start/fresh-classifier.ts'
import { type ClassifierConfigInput, parseClassifierConfig } from './classifier-config.ts'
import { fitFrom, taughtRows } from './fit-from.ts'
import { silentOutput } from './silent-output.ts'

/** What `trainInMemory` does next. */
export type TrainingStage = 'vocabulary' | 'training' | 'files' | 'calibration'

/** Keys of a config that need files. */
const FILE_KEYS = ['from', 'head', 'freshHead', 'teacher', 'teacherWeight', 'temperature'] as const
/** Keys of a config about files beside the model. */
type BesideKeys = 'baseline' | 'calibrate' | 'keepExamples' | 'textHashes'

export interface TrainInMemoryOptions
  extends Omit<ClassifierConfigInput, (typeof FILE_KEYS)[number] | BesideKeys> {
  readonly engine: Engine
  /** ONNX Runtime for the answers of the trained model; in browsers `onnxruntime-web`. */
  readonly runtime: OnnxRuntime
  readonly callbacks?: readonly TrainCallbacks[] | undefined
  readonly onStage?: ((stage: TrainingStage) => void) | undefined
  /** Ends the training after the current update; what was learned until then is kept. */
  readonly signal?: AbortSignal | undefined
  /** A description of the rows, for the model's card and calibration; default: `rows`. */
  readonly describedAs?: string | undefined
}

/** A trained model's folder in memory. */
export interface TrainedFiles {
  readonly files: FolderFiles
  /** Rows that the model learned from. */
  readonly trainingRows: number
  readonly validationRows: number
  /** In class order. */
  readonly classes: readonly string[]
  /**
   * The share of the validation rows that the model in the files codes right; texts that it refuses are wrong. `undefined`
   * if it can use less than two of them; the model is then not calibrated.
   */
  readonly accuracy: number | undefined
  readonly stopped: StopReason
}

/**
 * Trains a text classifier from scratch like `trainClassifier`, without a file system: in browsers, say. The files are those
 * that `saveClassifier` writes, calibrated on the validation rows; `loadPredictor` of `@kic/predictor` reads them with
 * `filesInMemory`, and every tool of KIC once they are in a folder.
 *
 * @throws KicError `trainer/config`, `classifier/scratch`, `classifier/rows`, `classifier/level`, `classifier/one-class`,
 *   `classifier/few-rows`, `classifier/class-weights`, and what training and loading throw
 */
export const trainInMemory = async (
  rows: readonly LabelledRow[],
  {
    engine,
    runtime,
    callbacks,
    onStage = () => undefined,
    signal,
    describedAs = 'rows',
    ...given
  }: TrainInMemoryOptions,
): Promise<TrainedFiles> => {
  const config = parseClassifierConfig(given)
  checkScratch(config)
  const learned = learnedLevel(rows, undefined, config.level)
  const prepared = preparedRows(taskRows(rows, learned), defaultPreparation, silentOutput)
  const task = splitTask(prepared, learned, { share: config.validation, seed: config.seed })
  onStage('vocabulary')
  const start = await freshClassifier({
    texts: taughtRows(task).map(({ text }) => text),
    sizes: config.encoder,
    classes: task.classes,
    seed: config.seed,
  })
  onStage('training')
  const fitted = await fitFrom(start, {
    engine,
    task,
    config,
    // The others guarantee something about the trained model, so they must not choose it.
    watched: calibrationHalves(task.validation, task.level).choosing,
    callbacks,
    signal,
    output: silentOutput,
    label: 'train',
  })
  onStage('files')
  const notes = notesOf(task)
  const files = encodeClassifier(fitted, {
    notes,
    preparation: defaultPreparation,
    maxLength: config.maxLength,
    onnx: config.export,
    card: { data: `${task.train.length} ${describedAs} of ${task.classes.length} classes.` },
  })
  onStage('calibration')
  const calibration = await calibrationOn(task, files, runtime, describedAs)
  const curve = calibration?.curve
  return {
    files: new Map([...files, ...encodeNotes({ ...notes, calibration })]),
    trainingRows: task.train.length,
    validationRows: task.validation.length,
    classes: fitted.classes,
    accuracy: curve && defined(curve.correct[task.level]?.[0]) / curve.rows,
    stopped: fitted.result.stopped,
  }
}

/** @throws KicError `classifier/scratch` */
const checkScratch = (config: object): void => {
  const key = FILE_KEYS.find((name) => name in config && Reflect.get(config, name))
  if (key === undefined) return
  throw classifierError(
    'classifier/scratch',
    `trainInMemory: the model must start from scratch, received ${key}. Leave it out, or use trainClassifier.`,
  )
}

const notesOf = ({ classification, train }: Task): ModelNotes => ({
  classification,
  ...acceptedTexts(train.map(({ text }) => text)),
})

/** `undefined` if the model can use less than two validation rows: few rows may contain only unknown words. */
const calibrationOn = async (
  { validation }: Task,
  files: FolderFiles,
  runtime: OnnxRuntime,
  describedAs: string,
) => {
  const predictor = await loadPredictor(filesInMemory('the trained model', files), { runtime })
  try {
    return await calibrate(predictor, validation, `${validation.length} held-out ${describedAs}`)
  } catch (error) {
    if (isKicError(error) && error.code === 'predictor/calibration-rows') return undefined
    throw error
  } finally {
    await predictor.dispose()
  }
}
