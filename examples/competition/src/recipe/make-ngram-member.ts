import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { codesOf } from '@kic/classification'
import { writeFileAtomic } from '@kic/core/node'
import { type NgramLesson, ngramScores, trainNgrams } from '@kic/ngram'
import { fitTemperatures, inMemory, type Probabilities, softmaxRows, temper } from '@kic/scores'
import type { StageWork } from '@kic/stages'
import { z } from 'zod'
import { classNumbers } from '../labels.ts'
import { type MemberRecord, recordFile } from './member-record.ts'
import type { NgramRecipe } from './ngram-recipe.ts'
import { type Part, PREDICTED_PARTS, type Workspace } from './workspace.ts'
import { writeMemberPredictions } from './write-predictions.ts'

const temperatureFile = (folder: string): string => join(folder, 'temperature.json')
const temperatureSchema = z.number().positive()

/** Trains the n-gram member and writes its probabilities of the validation rows, as members do. */
export const makeNgramMember =
  (workspace: Workspace, recipe: NgramRecipe) =>
  async ({ folder, label }: StageWork): Promise<void> => {
    const { task } = workspace
    const lesson = lessonOf(workspace, recipe)
    let told = performance.now()
    const parameters = await trainNgrams(folder, recipe, lesson, (done) => {
      if (performance.now() - told < 2000 && done < lesson.classes) return
      told = performance.now()
      process.stderr.write(`${label()}: ${done} of ${lesson.classes} classes\n`)
    })
    const record: MemberRecord = { parameters, curve: [] }
    await writeFileAtomic(recordFile(folder), `${JSON.stringify(record)}\n`)
    const [scores = new Float32Array()] = await ngramScores(folder, recipe, lesson, [
      textsOf(workspace, 'validation'),
    ])
    const raw = asProbabilities(scores, lesson.classes)
    const truth = classNumbers(task.classification, recipe.level, task.validation)
    const [fitted] = await fitTemperatures(inMemory([raw]), truth)
    const temperature = fitted?.temperature ?? 1
    await writeFileAtomic(temperatureFile(folder), `${temperature}\n`)
    await writeMemberPredictions(workspace, folder, 'validation', recipe.level, temper(raw, temperature).data)
  }

/** Lets the trained member predict the rows that had no part in its training. */
export const makeNgramPredictions =
  (workspace: Workspace, recipe: NgramRecipe) =>
  async ({ folder, inputs: { member = '' } }: StageWork): Promise<void> => {
    const lesson = lessonOf(workspace, recipe)
    const temperature = temperatureSchema.parse(JSON.parse(await readFile(temperatureFile(member), 'utf8')))
    const sets = PREDICTED_PARTS.map((part) => textsOf(workspace, part))
    const scores = await ngramScores(member, recipe, lesson, sets)
    for (const [i, part] of PREDICTED_PARTS.entries()) {
      const raw = asProbabilities(scores[i] ?? new Float32Array(), lesson.classes)
      await writeMemberPredictions(workspace, folder, part, recipe.level, temper(raw, temperature).data)
    }
  }

const lessonOf = ({ task, seed }: Workspace, { level }: NgramRecipe): NgramLesson => ({
  texts: task.train.map(({ text }) => text),
  labels: classNumbers(task.classification, level, task.train),
  classes: codesOf(task.classification, level).length,
  seed,
})

const textsOf = ({ task }: Workspace, part: Part): string[] => task[part].map(({ text }) => text)

/** Decision values, [N, C], as probabilities. */
const asProbabilities = (scores: Float32Array, classes: number): Probabilities => ({
  rows: scores.length / classes,
  classes,
  data: softmaxRows(scores, classes),
})
