import { codesOf } from '@kic/classification'
import { defined } from '@kic/core'
import { writeFileAtomic } from '@kic/core/node'
import { type NgramModel, readNgramModel, trainNgramModel } from '@kic/ngram'
import { filesIn, readModelFolder, saveNgramFolder } from '@kic/predictor/node'
import { softmaxRows } from '@kic/scores'
import type { StageWork } from '@kic/stages'
import { notesOfTask } from '../notes-of-task.ts'
import { type MemberRecord, recordFile } from './member-record.ts'
import { type NgramRecipe, ngramRows } from './ngram-recipe.ts'
import { textsOf } from './texts-of.ts'
import { type Part, rowsOf, type Workspace } from './workspace.ts'
import { writeMemberPredictions } from './write-predictions.ts'

/** Trains the n-gram member: its folder has the model, and its probabilities of the validation rows. */
export const makeNgramMember =
  (workspace: Workspace, recipe: NgramRecipe) =>
  async ({ folder, label }: StageWork): Promise<void> => {
    const { task, seed } = workspace
    const { name: _, level, ...how } = recipe
    const labels = codesOf(task.classification, level)
    let told = performance.now()
    const model = trainNgramModel(ngramRows([...task.train, ...task.generated], level), {
      ...(how.model === 'linear-svc' ? { ...how, seed } : how),
      labels,
      onClass: (done) => {
        if (performance.now() - told < 2000 && done < labels.length) return
        told = performance.now()
        process.stderr.write(`${label()}: ${done} of ${labels.length} classes\n`)
      },
    })
    await saveNgramFolder(folder, { model, notes: notesOfTask(task.classification) })
    const record: MemberRecord = { parameters: model.parameters, curve: [] }
    await writeFileAtomic(recordFile(folder), `${JSON.stringify(record)}\n`)
    await writeMemberPredictions(
      workspace,
      folder,
      'validation',
      level,
      probabilitiesOf(model, textsOf(task.validation)),
    )
  }

/** Lets the trained member predict rows that had no part in its training. */
export const makeNgramPredictions =
  (workspace: Workspace, { level }: NgramRecipe, parts: readonly Part[]) =>
  async ({ folder, inputs }: StageWork): Promise<void> => {
    const member = await readModelFolder(filesIn(defined(inputs.member)))
    if (member.kind !== 'ngram') throw new Error(`${member.name} is no n-gram model`)
    const model = readNgramModel(member.weights)
    for (const part of parts) {
      const probabilities = probabilitiesOf(model, textsOf(rowsOf(workspace, part)))
      await writeMemberPredictions(workspace, folder, part, level, probabilities)
    }
  }

/** Softmax of a model's scores, [N, C]. */
const probabilitiesOf = ({ scores, settings }: NgramModel, texts: readonly string[]): Float32Array =>
  softmaxRows(scores(texts), settings.labels.length)
