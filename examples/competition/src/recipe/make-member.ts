import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { writeFileAtomic } from '@kic/core/node'
import { codesOf, createAugmenter, parentOf, type Row } from '@kic/data'
import type { Context, HostTensors, Tensors } from '@kic/engine'
import { writePredictions } from '@kic/ensemble/node'
import { hierarchicalFusion, initializeFusion, robertaLevel } from '@kic/hierarchical-fusion'
import { accuracyLoss, crossEntropy } from '@kic/losses'
import { initializeFrom, type ParamSpec } from '@kic/nn'
import { saveSafetensors } from '@kic/nn/node'
import { type RobertaConfig, robertaParameters, sequenceClassifier } from '@kic/roberta'
import { loadHead, loadPretrained, savePretrained } from '@kic/roberta/node'
import { saveTokenizer } from '@kic/tokenizer/node'
import { accuracy, createPredictor } from '@kic/trainer'
import type { Tensor } from '@tensorflow/tfjs'
import { classNumbers } from '../labels.ts'
import type { StageWork } from '../stages/stage.ts'
import { tokenize } from '../tokenize.ts'
import { trainClassifier } from '../train-classifier.ts'
import { checkpointsIn, loadEncoder } from './make-encoders.ts'
import { type MemberRecord, recordFile } from './member-record.ts'
import type { MemberRecipe } from './members.ts'
import type { Augmentation } from './recipe.ts'
import { levelAbove, PARTS, predictionsFile, type Workspace, withClasses } from './workspace.ts'

/** A classifier before its training. */
interface Model {
  readonly parameters: readonly ParamSpec[]
  readonly params: HostTensors
  readonly logits: (params: Tensors, feeds: Tensors, ctx: Context) => Tensor
  readonly frozen: (name: string) => boolean
}

/** Trains a member and lets it predict: its folder has the model, and its probabilities for every part of the rows. */
export const makeMember =
  (workspace: Workspace, member: MemberRecipe) =>
  async ({ folder, inputs, label }: StageWork): Promise<void> => {
    const { engine, recipe, task } = workspace
    const encoder = await loadEncoder(inputs.encoder ?? '')
    const { tokenizer } = encoder
    const config = withClasses(encoder.config, workspace, member.level)
    const { parameters, params, logits, frozen } = await modelOf(
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
      labels: classNumbers(task.hierarchy, member.level, learned),
    }
    const validation = tokenize(tokenizer, task.validation, recipe.maxLength)
    const truth = classNumbers(task.hierarchy, member.level, task.validation)
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
      for (const part of PARTS) {
        const rows = task[part]
        const predictions = await predictor(result.params, tokenize(tokenizer, rows, recipe.maxLength))
        const { classes } = predictions
        await writePredictions(
          predictionsFile(folder, part),
          {
            level: member.level,
            labels: codesOf(task.hierarchy, member.level),
            // Rows of different files may have one id; their place tells them apart.
            ids: rows.map((_, i) => String(i)),
          },
          [{ rows: rows.length, classes, data: predictions.probabilities() }],
          { dtype: 'float32' },
        )
      }
      const trained = await result.params.read()
      if (member.fusion === 'none') {
        await savePretrained(
          folder,
          { config, params: trained, head: { name: member.head } },
          { files: (at) => saveTokenizer(at, tokenizer) },
        )
      } else {
        await saveSafetensors(join(folder, 'model.safetensors'), trained)
      }
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
  { task }: Workspace,
  member: MemberRecipe,
  config: RobertaConfig,
  encoder: HostTensors,
  previousFolder: string | undefined,
): Promise<Model> => {
  const head = await loadHead(member.head)
  if (previousFolder === undefined) {
    const { parameters, logits } = sequenceClassifier(config, head)
    const { params } = initializeFrom(parameters, encoder, member.seed)
    return { parameters, params, logits, frozen: () => false }
  }
  const previous = await loadPretrained(previousFolder, { parameters: robertaParameters })
  const model = hierarchicalFusion({
    config,
    head,
    previous: robertaLevel(levelAbove(task.hierarchy, member.level), previous.config),
    present: robertaLevel(member.level, config),
    parentOf: (code) => parentOf(task.hierarchy, member.level, code),
  })
  const { params } = initializeFusion(model, { previous: previous.params, present: encoder }, member.seed)
  return { parameters: model.parameters, params, logits: model.logits, frozen: model.frozen }
}

/** Rows, then changed copies of them. */
export const withCopies = (
  rows: readonly Row[],
  augmentation: Augmentation | 'none',
  seed: number,
): readonly Row[] => {
  if (augmentation === 'none') return rows
  const change = createAugmenter({ ...augmentation.rates, seed })
  const copies = Array.from({ length: augmentation.copies }, (_, copy) =>
    rows.map((row) => change(row, copy)),
  )
  return [...rows, ...copies.flat()]
}

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
