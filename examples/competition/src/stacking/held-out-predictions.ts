import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type Classification, codesOf } from '@kic/classification'
import { hash32 } from '@kic/core'
import { foldNumbers, type Row } from '@kic/data'
import { readPredictions, writePredictions } from '@kic/ensemble/node'
import { trainNgramModel } from '@kic/ngram'
import { type Probabilities, softmaxRows } from '@kic/scores'
import { type NgramRecipe, ngramRows } from '../recipe/ngram-recipe.ts'
import { textsOf } from '../recipe/texts-of.ts'

const FOLDS = 5

export interface HeldOutTask {
  readonly classification: Classification
  /** Rows to learn from. */
  readonly train: readonly Row[]
  readonly test: readonly Row[]
  readonly seed: number
  /** Where predictions are kept: a run that is interrupted resumes. */
  readonly folder: string
  readonly say: (line: string) => void
}

/** A member's probabilities of rows that it did not learn from. */
export interface HeldOutPredictions {
  readonly name: string
  readonly level: string
  /** Of each training row, by the model of the four folds without it. */
  readonly train: Probabilities
  /** Of the test rows, by a model of all training rows. */
  readonly test: Probabilities
}

/** Trains a member on each four of five folds, equal texts in one, and on all rows; predicts the fold left out, and the test. */
export const heldOutPredictions = async (
  task: HeldOutTask,
  recipe: NgramRecipe,
): Promise<HeldOutPredictions> => {
  const { train, test, seed, say } = task
  const folds = foldNumbers(train, { folds: FOLDS, seed })
  const classes = codesOf(task.classification, recipe.level).length
  const data = new Float32Array(train.length * classes)
  for (let fold = 0; fold < FOLDS; fold++) {
    const inside = Array.from(train.keys()).filter((row) => folds[row] === fold)
    const predicted = await kept(
      task,
      recipe,
      train.filter((_, row) => folds[row] !== fold),
      inside.flatMap((row) => train[row] ?? []),
    )
    inside.forEach((row, i) => {
      data.set(predicted.data.subarray(i * classes, (i + 1) * classes), row * classes)
    })
    say(`${recipe.name}: fold ${fold + 1} of ${FOLDS}`)
  }
  const tested = await kept(task, recipe, train, test)
  say(`${recipe.name}: all rows`)
  const { name, level } = recipe
  return { name, level, train: { rows: train.length, classes, data }, test: tested }
}

/** The probabilities of some rows by a model of others, from its file where there is one. */
const kept = async (
  { classification, folder, seed }: HeldOutTask,
  { name: _, level, ...how }: NgramRecipe,
  train: readonly Row[],
  rows: readonly Row[],
): Promise<Probabilities> => {
  const labels = [...codesOf(classification, level)]
  const [learned, asked] = [ngramRows(train, level), textsOf(rows)]
  const key = [
    JSON.stringify(how),
    level,
    ...labels,
    ...learned.flatMap(({ text, label }) => [text, label]),
    ...asked,
  ]
  const path = join(
    folder,
    `${[hash32(seed, ...key), hash32('again', ...key)].map((h) => h.toString(16)).join('-')}.safetensors`,
  )
  if (existsSync(path)) return readPredictions(path)
  const { scores } = trainNgramModel(learned, { ...how, labels })
  const probabilities = {
    rows: rows.length,
    classes: labels.length,
    data: softmaxRows(scores(asked), labels.length),
  }
  await mkdir(folder, { recursive: true })
  const ids = rows.map((_row, i) => `${i}`)
  await writePredictions(path, { level, labels, ids }, [probabilities], { dtype: 'float32' })
  return probabilities
}
