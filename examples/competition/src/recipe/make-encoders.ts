import { labelNumbers, levelNames } from '@kic/classification'
import {
  freshConfig,
  freshTokenizer,
  saveEncoder,
  startingEncoder,
  type TrainedEncoder,
} from '@kic/classifier'
import { defined } from '@kic/core'
import type { Row } from '@kic/data'
import { readPredictions } from '@kic/ensemble/node'
import { labelNames, pretrainOnPairs } from '@kic/negative-sampling'
import { initialize } from '@kic/nn'
import { robertaParameters } from '@kic/roberta'
import { argMaxRows, confusionMatrix } from '@kic/scores'
import type { StageWork } from '@kic/stages'
import { type TaptPreset, tapt } from '@kic/tapt'
import { loadTokenizer, saveTokenizer } from '@kic/tokenizer/node'
import { progress } from '@kic/trainer/node'
import { labelledAt } from '../class-name-rows.ts'
import { checkpointsIn } from './checkpoints-in.ts'
import { learnGenerated } from './learn-generated.ts'
import type { SizeName } from './members.ts'
import { inParts, maskingOf, pairsOf } from './micro-batches.ts'
import { downloadLines, pretrainedEncoder, pretrainedHere } from './pretrained-encoder.ts'
import type { FreshSize } from './recipe.ts'
import { textsOf } from './texts-of.ts'
import { encoderSizes, longestRow, predictionsFile, sizeOf, type Workspace } from './workspace.ts'

type Run = (work: StageWork) => Promise<void>

/** The result of a stage that makes an encoder. */
export const encoderIn = async (folder: string): Promise<TrainedEncoder> => {
  const { encoder, ...rest } = await startingEncoder({ from: folder })
  return { ...rest, params: encoder }
}

/** Finds, and downloads if need be, the checkpoint that `makeEncoder` loads. */
export const checkEncoder =
  (workspace: Workspace, name: SizeName) =>
  async (say: (line: string) => void): Promise<void> => {
    const size = sizeOf(workspace, name)
    if (!('pretrained' in size)) return
    const { pretrained: source } = size
    await pretrainedEncoder(source, longestRow(workspace.recipe), { onProgress: downloadLines(source, say) })
  }

/** A vocabulary learned from the training texts, and the generated ones. */
export const makeVocabulary =
  ({ task }: Workspace, reading: Pick<FreshSize, 'reading' | 'vocabulary'>): Run =>
  async ({ folder }) => {
    await saveTokenizer(folder, await freshTokenizer(textsOf([...task.train, ...task.generated]), reading))
  }

/** A checkpoint of general text, or its replacement. */
export const makeEncoder =
  (workspace: Workspace, name: SizeName): Run =>
  async (work) => {
    const size = sizeOf(workspace, name)
    if ('pretrained' in size) {
      const { pretrained: source } = size
      const longest = longestRow(workspace.recipe)
      // It was downloaded when the run began, so a connection that broke since does no harm.
      const found = (await pretrainedHere(source, longest)) ?? (await pretrainedEncoder(source, longest))
      return saveEncoder(
        work.folder,
        await withGenerated(workspace, name, work, await encoderIn(found.folder)),
      )
    }
    const tokenizer = await loadTokenizer(defined(work.inputs.vocabulary))
    const config = freshConfig(tokenizer, encoderSizes(workspace, size))
    const params = initialize(robertaParameters(config), workspace.seed)
    const { pretraining } = workspace.recipe
    const fresh = { config, params, tokenizer }
    const begun = pretraining === 'none' ? fresh : await pretrained(workspace, name, work, fresh, pretraining)
    await saveEncoder(work.folder, await withGenerated(workspace, name, work, begun))
  }

/** The encoder, after it learned the generated rows if there are any. */
const withGenerated = async (
  workspace: Workspace,
  name: SizeName,
  work: StageWork,
  begun: TrainedEncoder,
): Promise<TrainedEncoder> =>
  workspace.task.generated.length === 0 ? begun : learnGenerated(workspace, name, work, begun)

/** Task-adaptive pretraining of an encoder. */
export const makeTapt =
  (workspace: Workspace, name: SizeName): Run =>
  async (work) => {
    const begun = await encoderIn(defined(work.inputs.encoder))
    await saveEncoder(work.folder, await pretrained(workspace, name, work, begun, workspace.recipe.tapt))
  }

const pretrained = async (
  workspace: Workspace,
  size: SizeName,
  { folder, label }: StageWork,
  { config, params, tokenizer }: TrainedEncoder,
  preset: TaptPreset,
): Promise<TrainedEncoder> => {
  const { engine, task, recipe, seed } = workspace
  const { encoder } = await tapt({
    engine,
    config,
    tokenizer,
    checkpoint: params,
    texts: textsOf([...task.unlabelled, ...task.train]),
    heldOut: textsOf(task.validation),
    preset: { ...preset, ...inParts(workspace, maskingOf(size), preset) },
    maxLength: recipe.maxLength,
    unmaskable: 'leave-out',
    checkpoints: checkpointsIn(folder),
    callbacks: [progress({ label })],
    seed,
  })
  return { config, params: encoder, tokenizer }
}

/** An encoder that learned which class names belong to which texts; wrong names are what earlier members mistook. */
export const makePairs =
  (workspace: Workspace, size: SizeName): Run =>
  async ({ folder, inputs, label }) => {
    const { engine, task, recipe, seed } = workspace
    const { config, params, tokenizer } = await encoderIn(defined(inputs.encoder))
    const level = defined(levelNames(task.classification).at(-1))
    const labels = (rows: readonly Row[]): Int32Array => labelNumbers(task.classification, level, rows)
    const truth = labels(task.validation)
    const train = labelledAt(task.train, level)
    let matrix: Int32Array | undefined
    for (const earlier of recipe.earlier) {
      const { data, classes } = await readPredictions(predictionsFile(defined(inputs[earlier]), 'validation'))
      const own = confusionMatrix(argMaxRows(data, classes), truth, classes)
      matrix = matrix === undefined ? own : matrix.map((count, i) => count + defined(own[i]))
    }
    const { confusionShare, epochs, learningRate, ratio } = recipe.pairs
    const { encoder } = await pretrainOnPairs({
      engine,
      config,
      tokenizer,
      checkpoint: params,
      rows: { texts: textsOf(train), labels: labels(train) },
      heldOut: { texts: textsOf(task.validation), labels: truth },
      names: labelNames(task.classification, level),
      negatives: matrix === undefined ? { kind: 'random' } : { kind: 'mixed', matrix, share: confusionShare },
      ratio,
      epochs,
      learningRate,
      maxLength: 2 * recipe.maxLength,
      ...inParts(workspace, pairsOf(size), recipe),
      checkpoints: checkpointsIn(folder),
      callbacks: [progress({ label })],
      seed,
    })
    await saveEncoder(folder, { config, params: encoder, tokenizer })
  }
