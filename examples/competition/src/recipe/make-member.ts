import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { labelNumbers } from '@kic/classification'
import { fitClassifier, tokenizeRows } from '@kic/classifier'
import { defined } from '@kic/core'
import { writeFileAtomic } from '@kic/core/node'
import { roundNgramTables } from '@kic/roberta'
import { loadHead } from '@kic/roberta/node'
import { accuracy } from '@kic/scores'
import type { StageWork } from '@kic/stages'
import { createPredictor } from '@kic/trainer'
import { progress } from '@kic/trainer/node'
import { labelledAt } from '../class-name-rows.ts'
import { FINE_TUNING_SCHEDULE } from '../fine-tuning-schedule.ts'
import { checkpointsIn } from './checkpoints-in.ts'
import { fineTuningOf, withCopies } from './fine-tuning.ts'
import { loadMember, startMember } from './member-model.ts'
import { type MemberRecord, recordFile } from './member-record.ts'
import type { MemberRecipe } from './members.ts'
import { classesOf, inParts } from './micro-batches.ts'
import { textsOf } from './texts-of.ts'
import { type Part, rowsOf, type Workspace } from './workspace.ts'
import { writeMemberPredictions } from './write-predictions.ts'

/** Trains a member: its folder has the model, and its probabilities of the validation rows. */
export const makeMember =
  (workspace: Workspace, member: MemberRecipe) =>
  async ({ folder, inputs, label }: StageWork): Promise<void> => {
    const { engine, recipe, task } = workspace
    const { batchSize, maxLength } = recipe
    const { level, loss, seed } = member
    const { model, params, tokenizer, save } = await startMember(workspace, member, inputs)
    const reading = { tokenizer, config: model.config }
    const padTokenId = tokenizer.specialTokens.pad.id
    const predictor = createPredictor({ engine, forward: model.logits, padTokenId, batchSize })
    const learned = withCopies(labelledAt(task.train, level), recipe.augmentation, seed)
    const validation = tokenizeRows(reading, textsOf(task.validation), maxLength)
    const truth = labelNumbers(task.classification, level, task.validation)
    const { epochs, learningRate, rDrop } = fineTuningOf(workspace, member)
    const result = await fitClassifier({
      epochs,
      learningRate,
      engine,
      model,
      initial: params,
      rows: {
        ...tokenizeRows(reading, textsOf(learned), maxLength),
        labels: labelNumbers(task.classification, level, learned),
      },
      padTokenId,
      loss: rDrop ? 'r-drop' : loss,
      labelSmoothing: loss === 'cross-entropy' && !rDrop ? recipe.labelSmoothing : 0,
      schedule: FINE_TUNING_SCHEDULE,
      ...inParts(workspace, classesOf(member), { batchSize }),
      seed,
      evaluate: {
        run: async (trained) => ({
          accuracy: accuracy((await predictor(trained, validation)).labels(), truth),
        }),
      },
      checkpoints: checkpointsIn(folder),
      callbacks: [progress({ label })],
    })
    // Rounded before anything is predicted, so that the packed model, whose tables are int8, answers the same.
    const trained = roundNgramTables(await result.params.read())
    result.params.dispose()
    const placed = engine.place(trained)
    try {
      const predictions = await predictor(placed, validation)
      await writeMemberPredictions(workspace, folder, 'validation', level, predictions.probabilities())
      await save(folder, trained)
    } finally {
      predictor.dispose()
      placed.dispose()
    }
    const record: MemberRecord = {
      parameters: Object.values(params).reduce((sum, { data }) => sum + data.length, 0),
      curve: result.evaluations.map(({ epoch, metrics }) => ({
        epoch,
        accuracy: metrics.accuracy ?? Number.NaN,
      })),
    }
    await writeFileAtomic(recordFile(folder), `${JSON.stringify(record)}\n`)
    await rm(join(folder, 'checkpoints'), { recursive: true, force: true })
  }

/** What would stop a member's training and can be known before. */
export const checkMember =
  ({ head }: MemberRecipe) =>
  async (): Promise<void> => {
    await loadHead(head)
  }

/** Lets a trained member predict rows that had no part in its training. */
export const makePredictions =
  (workspace: Workspace, member: MemberRecipe, parts: readonly Part[]) =>
  async ({ folder, inputs }: StageWork): Promise<void> => {
    const { engine, recipe } = workspace
    const { model, params, tokenizer } = await loadMember(member, defined(inputs.member))
    const reading = { tokenizer, config: model.config }
    const padTokenId = tokenizer.specialTokens.pad.id
    const { batchSize, maxLength } = recipe
    const predictor = createPredictor({ engine, forward: model.logits, padTokenId, batchSize })
    const placed = engine.place(params)
    try {
      for (const part of parts) {
        const rows = tokenizeRows(reading, textsOf(rowsOf(workspace, part)), maxLength)
        const predictions = await predictor(placed, rows)
        await writeMemberPredictions(workspace, folder, part, member.level, predictions.probabilities())
      }
    } finally {
      predictor.dispose()
      placed.dispose()
    }
  }
