import { codesOf, finestLevel } from '@kic/classification'
import { freshConfig, freshTokenizer, tokenizeRows, withClasses } from '@kic/classifier'
import { createRandom } from '@kic/core'
import type { Row } from '@kic/data'
import type { LossFunction } from '@kic/engine'
import { crossEntropy } from '@kic/losses'
import { labelNames, pairClassifier } from '@kic/negative-sampling'
import { trainNgramModel } from '@kic/ngram'
import { initialize, type ParamSpec, parameter } from '@kic/nn'
import { type RobertaConfig, robertaParameters, sequenceClassifier } from '@kic/roberta'
import { loadHead } from '@kic/roberta/node'
import type { HostTensor, HostTensors } from '@kic/safetensors'
import type { Effort } from '@kic/stages'
import { maskedLanguageModel, type TaptPreset } from '@kic/tapt'
import type { Tokenizer } from '@kic/tokenizer'
import {
  countParameters,
  deviceMemory,
  lengthBuckets,
  madeUpTokens,
  measureTrainingSpeed,
  tokenLengths,
} from '@kic/trainer'
import { deepSpeed } from './deep-speed.ts'
import { fineTuningOf, withCopies } from './fine-tuning.ts'
import { knownEncoder } from './known-encoders.ts'
import { headOf } from './learn-generated.ts'
import type { LearningEffort } from './learning-memory.ts'
import type { MemberRecipe, SizeName } from './members.ts'
import { classesOf, maskingOf, memoryNote, pairsOf } from './micro-batches.ts'
import { type NgramRecipe, ngramRows } from './ngram-recipe.ts'
import { pretrainedHere } from './pretrained-encoder.ts'
import { textsOf } from './texts-of.ts'
import { encoderSizes, longestRow, type Part, rowsOf, sizeOf, type Workspace } from './workspace.ts'

/** The cost of a row without a backward pass: forward is a third of a step's operations. */
const FORWARD = 1 / 3

/** Pretraining on texts. */
export const maskingEffort = (workspace: Workspace, size: SizeName, preset: TaptPreset): LearningEffort => {
  const { unlabelled, train, validation } = workspace.task
  const { epochs, batchSize, accumulation, probability: masked = 0.15 } = preset
  return learningEffort(workspace, {
    kind: maskingOf(size),
    size,
    examples: epochs * (unlabelled.length + train.length + FORWARD * validation.length),
    longest: workspace.recipe.maxLength,
    accumulation,
    lesson: ({ config, lengths }) => ({
      ...maskedLanguageModel(config),
      ...batchLengths(lengths(sampleOf(train))),
      batchSize,
      target: { masked },
    }),
    batchSize,
  })
}

/** Pretraining on pairs of texts and names. */
export const pairsEffort = (workspace: Workspace, size: SizeName): LearningEffort => {
  const { recipe, task } = workspace
  const { ratio, epochs } = recipe.pairs
  return learningEffort(workspace, {
    kind: pairsOf(size),
    size,
    examples: epochs * (1 + ratio) * (task.train.length + FORWARD * task.validation.length),
    longest: longestRow(recipe),
    batchSize: recipe.batchSize,
    lesson: ({ config, lengths }) => {
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
    },
  })
}

/** Fine-tuning of a member, and its predictions of the validation rows. */
export const memberEffort = (workspace: Workspace, member: MemberRecipe): LearningEffort => {
  const { recipe, task } = workspace
  const { epochs, rDrop } = fineTuningOf(workspace, member)
  const passes = rDrop ? 2 : 1
  const copies = recipe.augmentation === 'none' ? 0 : recipe.augmentation.copies
  const trained = passes * epochs * (1 + copies) * task.train.length
  return classifierEffort(workspace, member, trained + FORWARD * (epochs + 1) * task.validation.length)
}

/** What an encoder learns before its members: from masked texts, or the groups of generated rows. */
export const encoderEffort = (workspace: Workspace, size: SizeName): LearningEffort | undefined => {
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
  const { kind, examples, measure } = classifierEffort(workspace, member, FORWARD * rows)
  return { kind, examples, measure }
}

/** @param examples number of training rows; other rows count in proportion to their cost */
const classifierEffort = (
  workspace: Workspace,
  member: Pick<MemberRecipe, 'size' | 'head' | 'level' | 'fusion' | 'seed'>,
  examples: number,
): LearningEffort => {
  const { recipe, task } = workspace
  const { size, head, level, fusion } = member
  return learningEffort(workspace, {
    kind: classesOf({ ...member, fusion: 'none' }),
    learning: classesOf(member),
    size,
    examples: (fusion === 'none' ? 1 : 1 + FORWARD) * examples,
    longest: recipe.maxLength,
    batchSize: recipe.batchSize,
    passes: recipe.fineTuning[size]?.rDrop ? 2 : 1,
    frozenEncoders: fusion === 'none' ? 0 : 1,
    lesson: async ({ config: encoder, lengths }) => {
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
    },
  })
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

/** A training before its encoder is there. */
interface Coming extends Pick<Effort, 'kind' | 'examples'> {
  /** What tells its memory from that of others of its kind; default: the kind. */
  readonly learning?: string
  readonly size: SizeName
  /** The longest row of tokens. */
  readonly longest: number
  readonly batchSize: number
  /** Micro-batches per update; default 1. */
  readonly accumulation?: number
  /** How often a step runs the model on a row; default 1. */
  readonly passes?: number
  /** Encoders of this size that are read, but not trained; default 0. */
  readonly frozenEncoders?: number
  readonly lesson: (encoder: ComingEncoder) => Lesson | Promise<Lesson>
}

const learningEffort = (workspace: Workspace, work: Coming): LearningEffort => {
  const { kind, learning = kind, size, examples, batchSize, accumulation = 1, passes = 1 } = work
  const { engine } = workspace
  const coming = () => comingEncoder(workspace, size)
  return {
    kind,
    learning,
    examples,
    batchSize,
    note: memoryNote(workspace, learning),
    measure: async () => {
      const encoder = await coming()
      if (encoder === undefined) return undefined
      return deepSpeed(encoder.config.num_hidden_layers, async (layers) => {
        const learned = await work.lesson(withLayers(encoder, layers))
        return measureTrainingSpeed(engine, {
          ...learned,
          params: initialize(learned.parameters, 1),
          batch: (rows) => madeUpBatch(learned, rows),
        })
      })
    },
    memory: async () => {
      const encoder = await coming()
      if (encoder === undefined) return undefined
      const learned = await work.lesson(encoder)
      const longest = { ...learned, length: work.longest }
      const bytesOf = deviceMemory(engine, { ...learned, batch: (rows) => madeUpBatch(longest, rows) })
      const frozen = 4 * (work.frozenEncoders ?? 0) * countParameters(robertaParameters(learned.config))
      return ({ rows, accumulation: parts }) =>
        frozen + bytesOf({ rows: passes * rows, accumulation: accumulation * parts })
    },
  }
}

const withLayers = (encoder: ComingEncoder, layers: number): ComingEncoder => ({
  ...encoder,
  config: { ...encoder.config, num_hidden_layers: layers },
})

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

/** Encoders of a task, by size: several kinds of training start from each. */
const comingEncoders = new WeakMap<Workspace['task'], Map<SizeName, Promise<ComingEncoder | undefined>>>()

const comingEncoder = (workspace: Workspace, name: SizeName): Promise<ComingEncoder | undefined> => {
  const known = comingEncoders.get(workspace.task) ?? new Map<SizeName, Promise<ComingEncoder | undefined>>()
  comingEncoders.set(workspace.task, known)
  const found = known.get(name) ?? findEncoder(workspace, name)
  known.set(name, found)
  return found
}

/** Config and tokenizer of a size; `undefined` if its checkpoint is neither on this machine nor known. */
const findEncoder = async (workspace: Workspace, name: SizeName): Promise<ComingEncoder | undefined> => {
  const size = sizeOf(workspace, name)
  const { maxLength } = workspace.recipe
  const coming = (reading: { readonly tokenizer: Tokenizer; readonly config: RobertaConfig }) => ({
    config: reading.config,
    lengths: (rows: readonly Row[]) => tokenLengths(tokenizeRows(reading, textsOf(rows), maxLength)),
  })
  if ('pretrained' in size) {
    const found = await pretrainedHere(size.pretrained, longestRow(workspace.recipe))
    if (found !== undefined) return coming(found)
    const config = knownEncoder(size.pretrained)
    return (
      config &&
      coming({
        config,
        tokenizer: await freshTokenizer(sampleTexts(workspace), { vocabulary: config.vocab_size }),
      })
    )
  }
  const texts = sampleTexts(workspace)
  const tokenizer = await freshTokenizer(texts, { reading: size.reading, vocabulary: size.vocabulary })
  // A sample's vocabulary may be smaller than that of all texts.
  const { specialTokens } = tokenizer
  const config = freshConfig({ specialTokens, vocabSize: size.vocabulary }, encoderSizes(workspace, size))
  return coming({ config, tokenizer })
}

/** Number of rows for the distribution of lengths. */
const SAMPLE = 2000
const sampleTexts = ({ task }: Workspace): string[] => textsOf(sampleOf(task.train))
const sampleOf = (rows: readonly Row[]): readonly Row[] => rows.slice(0, SAMPLE)

/** S of a typical batch, and the number of different S. */
const batchLengths = (lengths: ArrayLike<number>): Pick<Lesson, 'length' | 'shapes'> => {
  // The sample represents many more rows, so no length is too rare for its own bucket.
  const buckets = lengthBuckets(lengths, { batchSize: 1 })
  const padded = Array.from(lengths, (length) => buckets.find((bucket) => bucket >= length) ?? length)
  const mean = padded.reduce((sum, length) => sum + length, 0) / padded.length
  return { length: Math.max(1, Math.round(mean)), shapes: buckets.length }
}
