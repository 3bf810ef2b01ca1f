import { rm } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { checkOutputFolder } from '@kic/core/node'
import { acceptedTexts, calibrationHalves } from '@kic/predictor'
import {
  type CodedExample,
  EXAMPLES_FILE,
  nodeRuntime,
  saveExamples,
  saveTrainingTexts,
  TRAINING_TEXTS_FILE,
} from '@kic/predictor/node'
import { loadHead, replaceModel, saveAdapter } from '@kic/roberta/node'
import { checkSameData } from '@kic/trainer/node'
import { BASELINE_FOLDER } from '../report/baseline.ts'
import type { ClassifierReport } from '../report/classifier-report.ts'
import { judgeFolder } from '../report/judge-folder.ts'
import type { LabelledRow } from '../rows/labelled-row.ts'
import type { Task } from '../rows/split-task.ts'
import { saveClassifier } from '../save/save-classifier.ts'
import { startingFolder } from '../start/starting-folder.ts'
import { teacherAnswers } from '../teacher/teacher-answers.ts'
import { withTeacher } from '../teacher/with-teacher.ts'
import type { ClassifierConfig } from './classifier-config.ts'
import { changesSince, fingerprintOf, saveRunRecord } from './describe-run.ts'
import { describeTask } from './describe-task.ts'
import type { FittedTask } from './fit-from.ts'
import { fitTask } from './fit-task.ts'
import { divideTask, prepareTask, startingConfig } from './make-task.ts'
import { progressOutput } from './progress-output.ts'
import { configOf, type TrainClassifierOptions } from './train-options.ts'
import { openTrainingFolder } from './training-folder.ts'
import { trainingRate } from './training-rate.ts'
import { withEngine } from './with-engine.ts'

/** The result of `trainClassifier`. */
export interface TrainedFolder {
  /** The model's folder, for `loadClassifier`. */
  readonly folder: string
  readonly report: ClassifierReport
  /** SHA-256 of the parameters. */
  readonly parameters: string
  /** Whether the parameters equal those of the repeated run; `undefined` without one. */
  readonly identical?: boolean | undefined
}

/**
 * Trains a text classifier on labelled rows, calibrates it, and writes a folder with tokenizer, ONNX files, report and
 * `run.json`. The folder appears only when it is complete. The same call resumes an interrupted or killed training, with
 * bit-identical parameters.
 *
 * @throws KicError `trainer/config`, `classifier/rows`, `classifier/level`, `classifier/one-class`, `classifier/few-rows`,
 *   `classifier/class-weights`, `classifier/loss`, `core/output`, `classifier/output`, `classifier/other-training`,
 *   `classifier/teacher`, and what loading the initial model, the teacher, the engine and the training
 *   throw; the signal's reason if the signal ended the training
 */
export const trainClassifier = async (
  rows: readonly LabelledRow[],
  options: TrainClassifierOptions,
): Promise<TrainedFolder> => {
  const config = configOf(options)
  const output = progressOutput(options.progress)
  // What the end needs is checked at the start.
  await checkOutputFolder('trainClassifier', typeof options.output === 'string' ? options.output : '')
  await nodeRuntime()
  if (config.head !== undefined) await loadHead(config.head)
  const from = await startingFolder(config.from, output)
  const place = `${resolve(options.output)}.training`
  const { prepared, task, fingerprint, training, answers } = await withTeacher(
    config.teacher,
    async (teacher) => {
      const named = options.validationRows
      const prepared = await prepareTask(rows, options, { ...config, from }, output, named, teacher)
      const task = divideTask(prepared, config, options.validationRows)
      const fingerprint = await fingerprintOf(config, from, task, options, teacher)
      if (options.repeats !== undefined) checkSameData(options.repeats, fingerprint.data)
      const training = await openTrainingFolder('trainClassifier', place, fingerprint, options.restart)
      output.say(describeTask(task))
      const storing = { folder: training.path, output, signal: options.signal }
      const answers = teacher && (await teacherAnswers(teacher, task, storing))
      return { prepared, task, fingerprint, training, answers }
    },
  )
  const rate = trainingRate()
  const folder = join(training.path, 'model')
  const { fitted, parameters } = await withEngine(options.engine, async (engine) => {
    output.say(`engine: ${engine.description}`)
    for (const change of await changesSince(options.repeats, engine))
      output.say(`changed since that run: ${change}`)
    const trained = await fitTask({
      engine,
      task,
      config: startingConfig(config, from, prepared),
      // The others guarantee something about the trained model, so they must not choose it.
      watched: config.calibrate ? calibrationHalves(task.validation, task.level).choosing : undefined,
      answers,
      loss: options.loss,
      checkpoints: training.checkpoints('checkpoints', config.checkpoints),
      callbacks: [rate, ...(options.callbacks ?? [])],
      signal: options.signal,
      output,
      label: 'train',
    })
    output.say('writing ONNX files')
    await rm(folder, { recursive: true, force: true })
    await saveFitted(folder, trained, task, config, { ...options, preparation: prepared.preparation })
    const { parameters: digest } = await saveRunRecord(folder, fingerprint, engine, trained)
    return { fitted: trained, parameters: digest }
  })
  const report = await judgeFolder(folder, {
    name: options.output,
    task,
    fitted,
    config,
    rowsPerSecond: rate.rowsPerSecond(),
    describedAs: options.describedAs,
    output,
    signal: options.signal,
  })
  if (config.keepExamples && task.train.length > 0) await saveExamples(folder, examplesOf(task))
  if (config.textHashes) {
    const texts = [...task.train, ...(task.taught?.unlabelled ?? [])].map(({ text }) => text)
    await saveTrainingTexts(folder, texts)
    if (report.baseline !== undefined) await saveTrainingTexts(join(folder, BASELINE_FOLDER), texts)
  }
  await options.files?.(folder)
  await replaceModel(folder, options.output, (name) => OPTIONAL.includes(name))
  await training.remove()
  const before = options.repeats?.result
  const identical = before === undefined ? undefined : before.parameters === parameters
  return { folder: options.output, report, parameters, identical }
}

/** The folder of the adapters that LoRA trained, in a model's folder. */
const ADAPTER_FOLDER = 'adapter'

/** What a folder may have of an earlier model, beside files that every model writes. */
const OPTIONAL = [ADAPTER_FOLDER, BASELINE_FOLDER, EXAMPLES_FILE, TRAINING_TEXTS_FILE]

const examplesOf = ({ train, level }: Task): readonly CodedExample[] =>
  train.map(({ text, labels }) => ({ text, code: labels[level] ?? '' }))

const saveFitted = (
  folder: string,
  fitted: FittedTask,
  { classification, train, classes, taught }: Task,
  { from, maxLength, export: onnx, teacher }: ClassifierConfig,
  { preparation, script, language, describedAs = 'rows' }: TrainClassifierOptions,
): Promise<void> =>
  saveClassifier(folder, fitted, {
    notes: {
      classification,
      ...acceptedTexts(
        train.map(({ text }) => text),
        script,
      ),
    },
    preparation,
    maxLength,
    onnx,
    card: {
      data: `${train.length} ${describedAs} of ${classes.length} classes${learnedFrom(teacher, taught)}. report.json has the scores on held-out rows.`,
      language,
    },
    files: async (at) => {
      if (fitted.adapter === undefined) return
      await saveAdapter(join(at, ADAPTER_FOLDER), { ...fitted.adapter, base: from })
    },
  })

/** The teacher and its texts, for the card. */
const learnedFrom = (teacher: string | undefined, taught: Task['taught']): string => {
  if (teacher === undefined) return ''
  const texts = taught?.unlabelled.length ?? 0
  return `, with the probabilities of ${basename(teacher)}${texts === 0 ? '' : `, also for ${texts} texts without labels`}`
}
