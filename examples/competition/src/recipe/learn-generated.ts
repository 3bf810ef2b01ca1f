import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { codesOf, finestLevel, labelNumbers } from '@kic/classification'
import { fitClassifier, type TrainedEncoder, tokenizeRows, withClasses } from '@kic/classifier'
import { defined } from '@kic/core'
import { initializeFrom } from '@kic/nn'
import { meanHead, ngramHead, robertaParameters, sequenceClassifier } from '@kic/roberta'
import type { StageWork } from '@kic/stages'
import { progress } from '@kic/trainer/node'
import { labelledAt } from '../class-name-rows.ts'
import { FINE_TUNING_SCHEDULE } from '../fine-tuning-schedule.ts'
import { checkpointsIn } from './checkpoints-in.ts'
import type { SizeName } from './members.ts'
import { classesOf, inParts } from './micro-batches.ts'
import type { SizeRecipe } from './recipe.ts'
import { textsOf } from './texts-of.ts'
import { sizeOf, type Workspace } from './workspace.ts'

/** Apart from those of a pretraining in the same stage. */
const CHECKPOINTS = 'generated-checkpoints'

/** The head under which an encoder of a size learns. */
export const headOf = (size: SizeRecipe) =>
  'reading' in size && size.reading === 'characters' ? ngramHead : meanHead

/**
 * An encoder that learned the finest codes of the generated rows. Members then learn the given rows alone, which are better:
 * generated rows know more words, but not how often each is meant.
 */
export const learnGenerated = async (
  workspace: Workspace,
  name: SizeName,
  { folder, label }: Pick<StageWork, 'folder' | 'label'>,
  { config, params, tokenizer }: TrainedEncoder,
): Promise<TrainedEncoder> => {
  const { engine, recipe, task, seed } = workspace
  const { batchSize, maxLength, generatedEpochs, fineTuning, labelSmoothing } = recipe
  const { classification } = task
  const level = finestLevel(classification)
  const model = sequenceClassifier(
    withClasses(config, codesOf(classification, level)),
    headOf(sizeOf(workspace, name)),
  )
  const rows = labelledAt(task.generated, level)
  const result = await fitClassifier({
    engine,
    model,
    initial: initializeFrom(model.parameters, params, seed).params,
    rows: {
      ...tokenizeRows({ tokenizer, config }, textsOf(rows), maxLength),
      labels: labelNumbers(classification, level, rows),
    },
    padTokenId: tokenizer.specialTokens.pad.id,
    epochs: generatedEpochs,
    learningRate: defined(fineTuning[name]).learningRate,
    labelSmoothing,
    schedule: FINE_TUNING_SCHEDULE,
    ...inParts(workspace, classesOf({ size: name, head: model.head.name, level, fusion: 'none' }), {
      batchSize,
    }),
    seed,
    checkpoints: checkpointsIn(folder, CHECKPOINTS),
    callbacks: [progress({ label })],
  })
  const trained = await result.params.read()
  result.params.dispose()
  await rm(join(folder, CHECKPOINTS), { recursive: true, force: true })
  const encoder = robertaParameters(config).map((spec) => [spec.name, defined(trained[spec.name])] as const)
  return { config, params: Object.fromEntries(encoder), tokenizer }
}
