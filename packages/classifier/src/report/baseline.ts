import { join } from 'node:path'
import { isKicError } from '@kic/core'
import { type NgramErrorCode, type NgramModel, type NgramRow, trainNgramModel } from '@kic/ngram'
import { filesIn, readModelFolder, saveNgramFolder } from '@kic/predictor/node'
import type { Task } from '../rows/split-task.ts'
import type { TaskRow } from '../rows/task-rows.ts'
import { calibrateIfUsable } from './calibrate-classifier.ts'
import type { BaselineReport } from './classifier-report.ts'
import { scoreNames } from './score-level.ts'

/** The folder of the baseline in a model's folder. */
export const BASELINE_FOLDER = 'baseline'

export interface BaselineOptions {
  readonly task: Task
  /** A description of the rows. */
  readonly describedAs: string
  /** Fits its temperature on the validation rows. */
  readonly calibrate: boolean
}

/**
 * Trains a simple model, naive Bayes on character n-grams, which learns in seconds, and saves it as a model in `baseline/` of
 * a classifier's folder. A classifier that is not clearly better has learned little.
 *
 * @returns its scores on the validation rows; `undefined` without labelled rows, and if there are too many classes for its counts
 */
export const saveBaseline = async (
  folder: string,
  { task: { train, validation, classes, level }, describedAs, calibrate }: BaselineOptions,
): Promise<BaselineReport | undefined> => {
  if (train.length === 0) return undefined
  const started = performance.now()
  const textsOf = (rows: readonly TaskRow[]): readonly string[] => rows.map(({ text }) => text)
  const namesOf = (rows: readonly TaskRow[]): readonly string[] =>
    rows.map(({ labels }) => labels[level] ?? '')
  const rows = train.map(({ text, labels }) => ({ text, label: labels[level] ?? '' }))
  const model = naiveBayes(rows, classes)
  if (model === undefined) return undefined
  const { scores } = scoreNames(namesOf(validation), model.predict(textsOf(validation)))
  const seconds = (performance.now() - started) / 1000
  const { notes, preparation } = await readModelFolder(filesIn(folder))
  const { classification, script, letterless } = notes
  const own = join(folder, BASELINE_FOLDER)
  await saveNgramFolder(own, {
    model,
    notes: { classification, script, letterless },
    preparation,
    card: { title: 'Baseline', data: `${train.length} ${describedAs} of ${classes.length} classes.` },
  })
  if (calibrate) await calibrateIfUsable(own, validation, `${validation.length} held-out ${describedAs}`)
  return { model: 'naive Bayes on n-grams', folder: BASELINE_FOLDER, scores, seconds }
}

/** `undefined` if there are too many pairs of n-grams and classes. */
const naiveBayes = (rows: readonly NgramRow[], labels: readonly string[]): NgramModel | undefined => {
  try {
    return trainNgramModel(rows, { model: 'naive-bayes', labels })
  } catch (error) {
    const tooMany: NgramErrorCode = 'ngram/labels'
    if (isKicError(error) && error.code === tooMany) return undefined
    throw error
  }
}
