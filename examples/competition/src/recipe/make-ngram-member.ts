import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { codesOf, labelNumbers } from '@kic/classification'
import { writeFileAtomic } from '@kic/core/node'
import { trainNgramModel } from '@kic/ngram'
import { loadNgramModel, saveNgramModel } from '@kic/ngram/node'
import { fitTemperatures, inMemory, type Probabilities, softmaxRows, temper } from '@kic/scores'
import type { StageWork } from '@kic/stages'
import { z } from 'zod'
import { type MemberRecord, recordFile } from './member-record.ts'
import { type NgramRecipe, ngramRows } from './ngram-recipe.ts'
import { textsOf } from './texts-of.ts'
import { PREDICTED_PARTS, type Workspace } from './workspace.ts'
import { writeMemberPredictions } from './write-predictions.ts'

const modelFile = (folder: string): string => join(folder, 'model.safetensors')
const temperatureFile = (folder: string): string => join(folder, 'temperature.json')
const temperatureSchema = z.number().positive()

/** Trains the n-gram member and writes its probabilities of the validation rows, as members do. */
export const makeNgramMember =
  (workspace: Workspace, recipe: NgramRecipe) =>
  async ({ folder, label }: StageWork): Promise<void> => {
    const { task, seed } = workspace
    const { name: _, level, ...how } = recipe
    const labels = codesOf(task.classification, level)
    let told = performance.now()
    const model = trainNgramModel(ngramRows(task.train, level), {
      ...(how.model === 'linear-svc' ? { ...how, seed } : how),
      labels,
      onClass: (done) => {
        if (performance.now() - told < 2000 && done < labels.length) return
        told = performance.now()
        process.stderr.write(`${label()}: ${done} of ${labels.length} classes\n`)
      },
    })
    await saveNgramModel(modelFile(folder), model)
    const record: MemberRecord = { parameters: model.parameters, curve: [] }
    await writeFileAtomic(recordFile(folder), `${JSON.stringify(record)}\n`)
    const raw = asProbabilities(model.scores(textsOf(task.validation)), labels.length)
    const truth = labelNumbers(task.classification, recipe.level, task.validation)
    const [fitted] = await fitTemperatures(inMemory([raw]), truth)
    const temperature = fitted?.temperature ?? 1
    await writeFileAtomic(temperatureFile(folder), `${temperature}\n`)
    await writeMemberPredictions(workspace, folder, 'validation', recipe.level, temper(raw, temperature).data)
  }

/** Lets the trained member predict the rows that had no part in its training. */
export const makeNgramPredictions =
  (workspace: Workspace, recipe: NgramRecipe) =>
  async ({ folder, inputs: { member = '' } }: StageWork): Promise<void> => {
    const temperature = temperatureSchema.parse(JSON.parse(await readFile(temperatureFile(member), 'utf8')))
    const { scores, settings } = await loadNgramModel(modelFile(member))
    for (const part of PREDICTED_PARTS) {
      const raw = asProbabilities(scores(textsOf(workspace.task[part])), settings.labels.length)
      await writeMemberPredictions(workspace, folder, part, recipe.level, temper(raw, temperature).data)
    }
  }

/** Decision values, [N, C], as probabilities. */
const asProbabilities = (scores: Float32Array, classes: number): Probabilities => ({
  rows: scores.length / classes,
  classes,
  data: softmaxRows(scores, classes),
})
