import { codesOf, finestLevel } from '@kic/classification'
import { freshConfig, freshTokenizer, tokenizeRows, withClasses } from '@kic/classifier'
import { createRandom } from '@kic/core'
import type { Row } from '@kic/data'
import type { LossFunction } from '@kic/engine'
import { crossEntropy } from '@kic/losses'
import { labelNames, pairClassifier } from '@kic/negative-sampling'
import { trainNgramModel } from '@kic/ngram'
import { initialize, type ParamSpec, parameter } from '@kic/nn'
import { type RobertaConfig, sequenceClassifier } from '@kic/roberta'
import { loadHead } from '@kic/roberta/node'
import type { HostTensor, HostTensors } from '@kic/safetensors'
import type { Effort } from '@kic/stages'
import { maskedLanguageModel, type TaptPreset } from '@kic/tapt'
import type { Tokenizer } from '@kic/tokenizer'
import { lengthBuckets, madeUpTokens, measureTrainingSpeed, tokenLengths } from '@kic/trainer'
import { fineTuningOf, withCopies } from './fine-tuning.ts'
import { headOf } from './learn-generated.ts'
import type { MemberRecipe, SizeName } from './members.ts'
import { type NgramRecipe, ngramRows } from './ngram-recipe.ts'
import { pretrainedHere } from './pretrained-encoder.ts'
import { textsOf } from './texts-of.ts'
import { encoderSizes, longestRow, type Part, rowsOf, sizeOf, type Workspace } from './workspace.ts'

/** The cost of a row without a backward pass: forward is a third of a step's operations. */
const FORWARD = 1 / 3

/** Pretraining on texts. */
export const maskingEffort = (workspace: Workspace, size: SizeName, preset: TaptPreset): Effort => {
  const { unlabelled, train, validation } = workspace.task
  const { epochs, batchSize, probability: masked = 0.15 } = preset
  return {
    kind: `masking ${size}`,
    examples: epochs * (unlabelled.length + train.length + FORWARD * validation.length),
    measure: measuring(workspace, size, ({ config, lengths }) => ({
      ...maskedLanguageModel(config),
      ...batchLengths(lengths(sampleOf(train))),
      batchSize,
      target: { masked },
    })),
  }
}

/** Pretraining on pairs of texts and names. */
export const pairsEffort = (workspace: Workspace, size: SizeName): Effort => {
  const { recipe, task } = workspace
  const { ratio, epochs } = recipe.pairs
  return {
    kind: `pairs ${size}`,
    examples: epochs * (1 + ratio) * (task.train.length + FORWARD * task.validation.length),
    measure: measuring(workspace, size, ({ config, lengths }) => {
      const names = labelNames(task.classification, finestLevel(task.classification))
      const rows = sampleOf(task.train).map((row, i) => ({
        ...row,
        text: `${row.text} ${names[i % names.length]}`,
      }))
      return {
        ...pairClassifier(config),
        ...batchLengths(lengths(rows)),
        batchSize: recipe.batchSize,
        target: { classes: 2 },
      }
    }),
  }
}

/** Fine-tuning of a member, and its predictions of the validation rows. */
export const memberEffort = (workspace: Workspace, member: MemberRecipe): Effort => {
  const { recipe, task } = workspace
  const { epochs, rDrop } = fineTuningOf(workspace, member)
  const passes = rDrop ? 2 : 1
  const copies = recipe.augmentation === 'none' ? 0 : recipe.augmentation.copies
  const trained = passes * epochs * (1 + copies) * task.train.length
  return classifierEffort(workspace, member, trained + FORWARD * (epochs + 1) * task.validation.length)
}

/** What an encoder learns before its members: from masked texts, or the groups of generated rows. */
export const encoderEffort = (workspace: Workspace, size: SizeName): Effort | undefined => {
  const { recipe, task, seed } = workspace
  if (recipe.pretraining !== 'none') return maskingEffort(workspace, size, recipe.pretraining)
  if (task.generated.length === 0) return undefined
  const level = finestLevel(task.classification)
  const head = headOf(sizeOf(workspace, size)).name
  const examples = recipe.generatedEpochs * task.generated.length
  return classifierEffort(workspace, { size, head, level, fusion: 'none', seed }, examples)
}

/** A member's predictions of rows outside its training. */
export const predictionsEffort = (
  workspace: Workspace,
  member: MemberRecipe,
  parts: readonly Part[],
): Effort => {
  const rows = parts.reduce((sum, part) => sum + rowsOf(workspace, part).length, 0)
  return classifierEffort(workspace, member, FORWARD * rows)
}

/** @param examples number of training rows; other rows count in proportion to their cost */
const classifierEffort = (
  workspace: Workspace,
  member: Pick<MemberRecipe, 'size' | 'head' | 'level' | 'fusion' | 'seed'>,
  examples: number,
): Effort => {
  const { recipe, task } = workspace
  const { size, head, level, fusion } = member
  return {
    kind: `classes ${size} ${head} ${level}`,
    examples: (fusion === 'none' ? 1 : 1 + FORWARD) * examples,
    measure: measuring(workspace, size, async ({ config: encoder, lengths }) => {
      const config = withClasses(encoder, codesOf(task.classification, level))
      const { parameters, logits } = sequenceClassifier(config, await loadHead(head))
      const rows = withCopies(sampleOf(task.train), recipe.augmentation, member.seed)
      return {
        config,
        parameters,
        loss: (params, batch, ctx) => crossEntropy(logits(params, batch, ctx), parameter(batch, 'labels')),
        ...batchLengths(lengths(rows)),
        batchSize: recipe.batchSize,
        target: { classes: Object.keys(config.id2label).length },
      }
    }),
  }
}

/** Number of rows for measuring a support vector machine. */
const NGRAM_ROWS = 500

/** A support vector machine: every class passes over the rows. Naive Bayes takes no time worth measuring. */
export const linearSvcEffort = (
  { task, seed }: Workspace,
  { name: _, level, ...how }: Extract<NgramRecipe, { model: 'linear-svc' }>,
): Effort => ({
  kind: `n-grams ${level}`,
  examples: task.train.length + task.generated.length,
  measure: async () => {
    const rows = task.train.slice(0, NGRAM_ROWS)
    const labels = codesOf(task.classification, level)
    const started = performance.now()
    trainNgramModel(ngramRows(rows, level), { ...how, labels, seed })
    return { start: 0, perExample: (performance.now() - started) / 1000 / rows.length }
  },
})

/** A training on random tokens. */
interface Lesson {
  readonly config: RobertaConfig
  readonly parameters: readonly ParamSpec[]
  readonly loss: LossFunction
  readonly batchSize: number
  /** S of a typical batch. */
  readonly length: number
  /** Number of different S. */
  readonly shapes: number
  /** The target: a number of classes per row, or a share of masked tokens. */
  readonly target: { readonly classes: number } | { readonly masked: number }
}

/** An encoder that is not trained yet. */
interface ComingEncoder {
  readonly config: RobertaConfig
  /** Tokens of each row. */
  readonly lengths: (rows: readonly Row[]) => ArrayLike<number>
}

const measuring =
  (
    workspace: Workspace,
    size: SizeName,
    lesson: (encoder: ComingEncoder) => Lesson | Promise<Lesson>,
  ): Effort['measure'] =>
  async () => {
    const encoder = await comingEncoder(workspace, size)
    if (encoder === undefined) return undefined
    const learned = await lesson(encoder)
    const params = initialize(learned.parameters, 1)
    return measureTrainingSpeed(workspace.engine, {
      ...learned,
      params,
      batch: (rows) => madeUpBatch(learned, rows),
    })
  }

const madeUpBatch = ({ config, length, target }: Lesson, rows: number): HostTensors => {
  const random = createRandom('speed of a recipe')
  const int32 = (size: number, limit: number): HostTensor => ({
    dtype: 'int32',
    shape: [size],
    data: Int32Array.from({ length: size }, () => random.int(limit)),
  })
  const tokens = madeUpTokens(config.vocab_size, rows, length)
  if ('classes' in target) return { ...tokens, labels: int32(rows, target.classes) }
  const places = rows * Math.ceil(target.masked * length)
  return {
    ...tokens,
    masked_positions: int32(places, rows * length),
    masked_labels: int32(places, config.vocab_size),
  }
}

/** Config and tokenizer of a size; `undefined` if its checkpoint is not on this machine. */
const comingEncoder = async (workspace: Workspace, name: SizeName): Promise<ComingEncoder | undefined> => {
  const size = sizeOf(workspace, name)
  const { maxLength } = workspace.recipe
  const coming = (reading: { readonly tokenizer: Tokenizer; readonly config: RobertaConfig }) => ({
    config: reading.config,
    lengths: (rows: readonly Row[]) => tokenLengths(tokenizeRows(reading, textsOf(rows), maxLength)),
  })
  if ('pretrained' in size) {
    const found = await pretrainedHere(size.pretrained, longestRow(workspace.recipe))
    return found && coming(found)
  }
  const texts = textsOf(sampleOf(workspace.task.train))
  const tokenizer = await freshTokenizer(texts, { reading: size.reading, vocabulary: size.vocabulary })
  // A sample's vocabulary may be smaller than that of all texts.
  const { specialTokens } = tokenizer
  const config = freshConfig({ specialTokens, vocabSize: size.vocabulary }, encoderSizes(workspace, size))
  return coming({ config, tokenizer })
}

/** Number of rows for the distribution of lengths. */
const SAMPLE = 2000
const sampleOf = (rows: readonly Row[]): readonly Row[] => rows.slice(0, SAMPLE)

/** S of a typical batch, and the number of different S. */
const batchLengths = (lengths: ArrayLike<number>): Pick<Lesson, 'length' | 'shapes'> => {
  // The sample represents many more rows, so no length is too rare for its own bucket.
  const buckets = lengthBuckets(lengths, { batchSize: 1 })
  const padded = Array.from(lengths, (length) => buckets.find((bucket) => bucket >= length) ?? length)
  const mean = padded.reduce((sum, length) => sum + length, 0) / padded.length
  return { length: Math.max(1, Math.round(mean)), shapes: buckets.length }
}
