import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { labelNumbers } from '@kic/classification'
import { writeFileAtomic } from '@kic/core/node'
import type { Row } from '@kic/data'
import type { Context, Tensors } from '@kic/engine'
import { initializeFusion } from '@kic/hierarchical-fusion'
import { augmentRows } from '@kic/korean-answers'
import { accuracyLoss, crossEntropy } from '@kic/losses'
import { initializeFrom, type ParamSpec } from '@kic/nn'
import { type RobertaConfig, robertaParameters, sequenceClassifier } from '@kic/roberta'
import { loadHead, loadPretrained } from '@kic/roberta/node'
import type { HostTensors } from '@kic/safetensors'
import { accuracy } from '@kic/scores'
import type { StageWork } from '@kic/stages'
import { createPredictor } from '@kic/trainer'
import type { Tensor } from '@tensorflow/tfjs'
import { tokenize } from '../tokenize.ts'
import { trainClassifier } from '../train-classifier.ts'
import { checkpointsIn, loadEncoder } from './make-encoders.ts'
import { fusedClassifier, loadMember, saveMember } from './member-model.ts'
import { type MemberRecord, recordFile } from './member-record.ts'
import type { MemberRecipe } from './members.ts'
import type { Augmentation } from './recipe.ts'
import { PREDICTED_PARTS, type Workspace, withClasses } from './workspace.ts'
import { writeMemberPredictions } from './write-predictions.ts'

/** A classifier before its training. */
interface Model {
  readonly parameters: readonly ParamSpec[]
  readonly params: HostTensors
  readonly logits: (params: Tensors, feeds: Tensors, ctx: Context) => Tensor
  readonly frozen: (name: string) => boolean
  /** Of the encoder that is read beside its own. */
  readonly previous: RobertaConfig | undefined
}

/** Trains a member: its folder has the model, and its probabilities of the validation rows. */
export const makeMember =
  (workspace: Workspace, member: MemberRecipe) =>
  async ({ folder, inputs, label }: StageWork): Promise<void> => {
    const { engine, recipe, task } = workspace
    const encoder = await loadEncoder(inputs.encoder ?? '')
    const { tokenizer } = encoder
    const config = withClasses(encoder.config, workspace, member.level)
    const { parameters, params, logits, frozen, previous } = await modelOf(
      workspace,
      member,
      config,
      encoder.params,
      inputs.previous,
    )
    const padTokenId = tokenizer.specialTokens.pad.id
    const { batchSize } = recipe
    const predictor = createPredictor({ engine, forward: logits, padTokenId, batchSize })
    const learned = withCopies(task.train, recipe.augmentation, member.seed)
    const training = {
      ...tokenize(tokenizer, learned, recipe.maxLength),
      labels: labelNumbers(task.classification, member.level, learned),
    }
    const validation = tokenize(tokenizer, task.validation, recipe.maxLength)
    const truth = labelNumbers(task.classification, member.level, task.validation)
    const result = await trainClassifier({
      ...fineTuningOf(workspace, member),
      engine,
      start: params,
      logits,
      rows: training,
      padTokenId,
      loss: member.loss === 'accuracy' ? accuracyLoss : crossEntropy,
      frozen,
      batchSize,
      seed: member.seed,
      label,
      more: {
        evaluate: {
          run: async (trained) => ({
            accuracy: accuracy((await predictor(trained, validation)).labels(), truth),
          }),
        },
        checkpoints: checkpointsIn(folder),
      },
    })
    try {
      const predictions = await predictor(result.params, validation)
      await writeMemberPredictions(workspace, folder, 'validation', member.level, predictions.probabilities())
      const trained = await result.params.read()
      await saveMember(workspace, folder, member, { config, previous, params: trained, tokenizer })
    } finally {
      predictor.dispose()
      result.params.dispose()
    }
    const record: MemberRecord = {
      parameters: parameters.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0),
      curve: result.evaluations.map(({ epoch, metrics }) => ({
        epoch,
        accuracy: metrics.accuracy ?? Number.NaN,
      })),
    }
    await writeFileAtomic(recordFile(folder), `${JSON.stringify(record)}\n`)
    await rm(join(folder, 'checkpoints'), { recursive: true, force: true })
  }

const modelOf = async (
  workspace: Workspace,
  member: MemberRecipe,
  config: RobertaConfig,
  encoder: HostTensors,
  previousFolder: string | undefined,
): Promise<Model> => {
  const head = await loadHead(member.head)
  if (previousFolder === undefined) {
    const { parameters, logits } = sequenceClassifier(config, head)
    const { params } = initializeFrom(parameters, encoder, member.seed)
    return { parameters, params, logits, frozen: () => false, previous: undefined }
  }
  const previous = await loadPretrained(previousFolder, { parameters: robertaParameters })
  const model = fusedClassifier(workspace, member, head, config, previous.config)
  const { params } = initializeFusion(model, { previous: previous.params, present: encoder }, member.seed)
  return {
    parameters: model.parameters,
    params,
    logits: model.logits,
    frozen: model.frozen,
    previous: previous.config,
  }
}

/** What would stop a member's training and can be known before. */
export const checkMember =
  ({ head }: MemberRecipe) =>
  async (): Promise<void> => {
    await loadHead(head)
  }

/** Lets a trained member predict the rows that had no part in its training. */
export const makePredictions =
  (workspace: Workspace, member: MemberRecipe) =>
  async ({ folder, inputs }: StageWork): Promise<void> => {
    const { engine, recipe, task } = workspace
    const { params, tokenizer, logits } = await loadMember(workspace, member, inputs.member ?? '')
    const padTokenId = tokenizer.specialTokens.pad.id
    const { batchSize } = recipe
    const predictor = createPredictor({ engine, forward: logits, padTokenId, batchSize })
    const placed = engine.place(params)
    try {
      for (const part of PREDICTED_PARTS) {
        const predictions = await predictor(placed, tokenize(tokenizer, task[part], recipe.maxLength))
        await writeMemberPredictions(workspace, folder, part, member.level, predictions.probabilities())
      }
    } finally {
      predictor.dispose()
      placed.dispose()
    }
  }

/** Rows, then changed copies of them. */
export const withCopies = (
  rows: readonly Row[],
  augmentation: Augmentation | 'none',
  seed: number,
): readonly Row[] =>
  augmentation === 'none'
    ? rows
    : augmentRows(rows, { ...augmentation.rates, copies: augmentation.copies, seed })

/** Small data is passed over more often, so that every run makes about as many updates; but not without end. */
export const fineTuningOf = ({ recipe, task }: Workspace, { size }: MemberRecipe) => {
  const found = recipe.fineTuning[size]
  if (found === undefined)
    throw new Error(`the recipe ${recipe.name} has no fine-tuning for the size ${size}`)
  const passes = Math.round((found.epochs * recipe.maxTrainingRows) / task.train.length)
  const copies = recipe.augmentation === 'none' ? 0 : recipe.augmentation.copies
  const epochs = Math.max(found.epochs, Math.min(4 * found.epochs, passes))
  return { ...found, epochs: Math.max(1, Math.round(epochs / (1 + copies))) }
}
