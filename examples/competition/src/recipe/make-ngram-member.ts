import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { codesOf } from '@kic/classification'
import { writeFileAtomic } from '@kic/core/node'
import { fitTemperatures, inMemory, type Probabilities, softVote } from '@kic/ensemble'
import { type NgramLesson, ngramScores, trainNgrams } from '@kic/ngram'
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
    await writeMemberPredictions(workspace, folder, 'validation', recipe.level, tempered(raw, temperature))
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
      await writeMemberPredictions(workspace, folder, part, recipe.level, tempered(raw, temperature))
    }
  }

const lessonOf = ({ task, seed }: Workspace, { level }: NgramRecipe): NgramLesson => ({
  texts: task.train.map(({ text }) => text),
  labels: classNumbers(task.classification, level, task.train),
  classes: codesOf(task.classification, level).length,
  seed,
})

const textsOf = ({ task }: Workspace, part: Part): string[] => task[part].map(({ text }) => text)

const tempered = (probabilities: Probabilities, temperature: number): Float32Array =>
  softVote([probabilities], { temperatures: [temperature] }).data

/** Softmax of decision values, row by row. */
const asProbabilities = (scores: Float32Array, classes: number): Probabilities => {
  const data = new Float32Array(scores.length)
  for (let at = 0; at < scores.length; at += classes) {
    const row = scores.subarray(at, at + classes)
    const most = row.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
    const exps = row.map((score) => Math.exp(score - most))
    const sum = exps.reduce((a, b) => a + b, 0)
    data.set(
      exps.map((e) => e / sum),
      at,
    )
  }
  return { rows: scores.length / classes, classes, data }
}
