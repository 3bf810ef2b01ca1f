import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { crossEntropy } from '@kic/losses'
import { pairClassifier } from '@kic/negative-sampling'
import { parameter } from '@kic/nn'
import { parseRobertaConfig, type RobertaConfig, sequenceClassifier } from '@kic/roberta'
import { loadHead } from '@kic/roberta/node'
import { maskedLanguageModel, type TaptPreset } from '@kic/tapt'
import type { Effort } from '../stages/estimate.ts'
import { fineTuningOf } from './make-member.ts'
import { type Lesson, measureSpeed } from './measure-speed.ts'
import type { MemberRecipe, SizeName } from './members.ts'
import { freshConfig, sizeOf, type Workspace, withClasses } from './workspace.ts'

/** What a row costs that is only predicted, or read by a frozen encoder: forward is a third of a step's operations. */
const FORWARD = 1 / 3

/** Pretraining on texts. */
export const maskingEffort = (workspace: Workspace, size: SizeName, preset: TaptPreset): Effort => {
  const { unlabelled, train, validation } = workspace.task
  const { epochs, batchSize, probability: masked = 0.15 } = preset
  return {
    kind: `masking ${size}`,
    examples: epochs * (unlabelled.length + train.length + FORWARD * validation.length),
    measure: measuring(workspace, size, 0, (config) => ({
      ...maskedLanguageModel(config),
      batchSize,
      target: { masked },
    })),
  }
}

/** Letters of a class name, and the mark behind it. */
const NAME_TOKENS = 12

/** Pretraining on pairs of texts and names. */
export const pairsEffort = (workspace: Workspace, size: SizeName): Effort => {
  const { recipe, task } = workspace
  const { ratio, epochs } = recipe.pairs
  return {
    kind: `pairs ${size}`,
    examples: epochs * (1 + ratio) * (task.train.length + FORWARD * task.validation.length),
    measure: measuring(workspace, size, NAME_TOKENS, (config) => ({
      ...pairClassifier(config),
      batchSize: recipe.batchSize,
      target: { classes: 2 },
    })),
  }
}

/** Fine-tuning of a member, and its predictions. */
export const memberEffort = (workspace: Workspace, member: MemberRecipe): Effort => {
  const { recipe, task } = workspace
  const { size, head, level, fusion } = member
  const { epochs } = fineTuningOf(workspace, member)
  const predicted = (epochs + 1) * task.validation.length + task.test.length + task.submit.length
  return {
    kind: `classes ${size} ${head} ${level}`,
    examples: (fusion === 'none' ? 1 : 1 + FORWARD) * (epochs * task.train.length + FORWARD * predicted),
    measure: measuring(workspace, size, 0, async (encoder) => {
      const config = withClasses(encoder, workspace, level)
      const { parameters, logits } = sequenceClassifier(config, await loadHead(head))
      return {
        config,
        parameters,
        loss: (params, batch, ctx) => crossEntropy(logits(params, batch, ctx), parameter(batch, 'labels')),
        batchSize: recipe.batchSize,
        target: { classes: Object.keys(config.id2label).length },
      }
    }),
  }
}

type Subject = Omit<Lesson, 'length' | 'shapes'>

const measuring =
  (
    workspace: Workspace,
    size: SizeName,
    moreTokens: number,
    subject: (config: RobertaConfig) => Subject | Promise<Subject>,
  ): Effort['measure'] =>
  async () => {
    const config = await configOf(workspace, size)
    if (config === undefined) return undefined
    const lesson = { ...(await subject(config)), ...batchLengths(workspace, moreTokens) }
    return measureSpeed(workspace.engine, lesson)
  }

/** The config of a size's encoder; undefined where it is that of a checkpoint that is not in this machine's folders. */
const configOf = async (workspace: Workspace, name: SizeName): Promise<RobertaConfig | undefined> => {
  const size = sizeOf(workspace, name)
  if (!('pretrained' in size)) {
    const specialTokens = { pad: { id: 0 }, cls: { id: 2 }, sep: { id: 3 } }
    return freshConfig(workspace, size, { vocabSize: workspace.recipe.vocabulary.size, specialTokens })
  }
  const file = join(size.pretrained, 'config.json')
  return existsSync(file) ? parseRobertaConfig(JSON.parse(await readFile(file, 'utf8'))) : undefined
}

/** Rows whose lengths are looked at. */
const SAMPLE = 2000
/** Letters of Korean in a piece of a vocabulary of words. */
const LETTERS_A_PIECE = 1.7
/** Batches are as long as a multiple of this. */
const BUCKET = 8

/** S of a typical batch, and how many S there are, before there is a tokenizer. */
const batchLengths = ({ task, recipe }: Workspace, moreTokens: number): Pick<Lesson, 'length' | 'shapes'> => {
  const most = moreTokens > 0 ? 2 * recipe.maxLength : recipe.maxLength
  const buckets = task.train.slice(0, SAMPLE).map(({ text }) => {
    const letters = text.replace(/\s/g, '').length
    const tokens = 2 + moreTokens + letters / (recipe.vocabulary.charactersOnly ? 1 : LETTERS_A_PIECE)
    return Math.ceil(Math.min(most, tokens) / BUCKET)
  })
  const mean = buckets.reduce((sum, bucket) => sum + bucket, 0) / buckets.length
  return { length: Math.min(most, BUCKET * Math.max(1, Math.round(mean))), shapes: new Set(buckets).size }
}
