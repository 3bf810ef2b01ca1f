import { KicError } from '@kic/core'
import { z } from 'zod'
import type { BatchPlanOptions } from '../batches/batch-plan.ts'
import { classBalancedWeights } from '../batches/sampling.ts'
import type { TokenRows } from '../batches/token-rows.ts'
import type { TrainerErrorCode } from '../error-code.ts'
import { isNamePattern, namePattern } from '../optimization/name-pattern.ts'
import {
  allExcept,
  combineSettings,
  layerWiseRates,
  ngramTables,
  noDecay,
  type ParameterSettings,
} from '../optimization/parameter-groups.ts'
import type { TrainOptions } from '../train-options.ts'

const positive = z.int().positive()
const interval = z.union([
  z.strictObject({ everySteps: positive }),
  z.strictObject({ everyEpochs: z.number().positive() }),
])
const share = z.number().min(0).max(1)

const warmup = {
  warmupSteps: z.int().min(0).exactOptional(),
  warmupRatio: share.exactOptional(),
}
const schedule = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('constant'), ...warmup }),
  z.strictObject({ kind: z.literal('linear'), ...warmup }),
  z.strictObject({ kind: z.literal('cosine'), cycles: z.number().positive().exactOptional(), ...warmup }),
  z.strictObject({
    kind: z.literal('cosine-with-restarts'),
    cycles: z.number().positive().exactOptional(),
    ...warmup,
  }),
  z.strictObject({
    kind: z.literal('polynomial'),
    power: z.number().positive().exactOptional(),
    endFactor: share.exactOptional(),
    ...warmup,
  }),
])

const optimizer = z.strictObject({
  variant: z.enum(['pytorch', 'huggingface']).default('pytorch'),
  beta1: share.default(0.9),
  beta2: share.default(0.999),
  epsilon: z.number().positive().default(1e-8),
  weightDecay: z.number().min(0).default(0.01),
  /** Whether biases and layer norms are decayed too. */
  decayAll: z.boolean().default(false),
  /** Learning rates that decrease towards the embeddings. */
  layerWise: z.strictObject({ layers: positive, decay: z.number().positive().max(1) }).exactOptional(),
  /** Learning rate of n-gram tables, as a multiple of the others'. */
  ngramRate: z.number().positive().default(5),
  /** `null` disables clipping. */
  maxGradNorm: z.number().positive().nullable().default(1),
})

const batches = z
  .strictObject({
    batchSize: positive.exactOptional(),
    tokenBudget: positive.exactOptional(),
    bucket: positive.exactOptional(),
    maxLength: positive.exactOptional(),
    grouping: z.enum(['length', 'none']).default('length'),
    dropLast: z.boolean().default(false),
    /** Power of `classBalancedWeights`: 1 draws every class equally often. */
    classBalance: share.exactOptional(),
  })
  .refine(({ batchSize, tokenBudget }) => (batchSize === undefined) !== (tokenBudget === undefined), {
    error: 'set either batchSize or tokenBudget',
  })

/**
 * Training settings as data: all JSON-compatible options of `TrainOptions` and `BatchPlanOptions`, with defaults filled
 * in. Unknown keys are refused. For the config of a whole run, use it as a property of a `z.strictObject`.
 */
export const trainingConfig = z
  .strictObject({
    seed: z.int(),
    learningRate: z.number().positive(),
    schedule: schedule.default({ kind: 'linear', warmupRatio: 0.1 }),
    optimizer: optimizer.prefault({}),
    batches,
    epochs: positive.exactOptional(),
    maxSteps: positive.exactOptional(),
    accumulation: positive.default(1),
    accumulationMean: z.enum(['exact', 'equal']).default('exact'),
    prefetch: positive.default(1),
    /** Parameters that are not trained: parts of their names, or patterns between slashes. */
    frozen: z
      .array(
        z
          .string()
          .min(1)
          .refine(isNamePattern, { error: 'the pattern between slashes must be a regular expression' }),
      )
      .default([]),
    weightAverage: z
      .strictObject({ decay: z.number().min(0).lt(1), warmup: z.boolean().default(true) })
      .exactOptional(),
    evaluate: z
      .strictObject({
        every: interval.default({ everyEpochs: 1 }),
        best: z.strictObject({ metric: z.string(), mode: z.enum(['max', 'min']) }).exactOptional(),
        earlyStopping: z
          .strictObject({ patience: positive, minDelta: z.number().min(0).default(0) })
          .exactOptional(),
      })
      .prefault({}),
    checkpoints: z
      .strictObject({ every: interval.default({ everyEpochs: 1 }), keepLast: positive.default(2) })
      .prefault({}),
  })
  .refine(({ epochs, maxSteps }) => epochs !== undefined || maxSteps !== undefined, {
    error: 'set epochs or maxSteps',
  })

export type TrainingConfig = z.output<typeof trainingConfig>

/**
 * Parses a value by a zod schema, such as `trainingConfig` or one that contains it.
 *
 * @throws KicError `trainer/config` with all faults and their places
 */
export const parseConfig = <S extends z.ZodType>(schema: S, value: unknown, name = 'config'): z.output<S> => {
  const { data, error } = schema.safeParse(value)
  if (error === undefined) return data as z.output<S>
  const issues = error.issues.map(({ path, message }) => `${path.join('.') || 'it'}: ${message}`)
  throw new KicError<TrainerErrorCode>(
    'trainer/config',
    `parseConfig: ${name} must match its schema, received faults: ${issues.join('; ')}. Correct them.`,
  )
}

/**
 * The options of `train` that a config determines. The caller adds engine, parameters, loss, batches and evaluation.
 */
export const configuredTraining = (
  config: TrainingConfig,
): Omit<TrainOptions, 'engine' | 'params' | 'loss' | 'batches' | 'evaluate' | 'checkpoints'> => {
  const { optimizer: given, frozen, evaluate: _, checkpoints: __, batches: ___, ...rest } = config
  const { decayAll, layerWise, ngramRate, maxGradNorm, ...adamw } = given
  const settings: ParameterSettings[] = []
  if (!decayAll) settings.push(noDecay())
  if (layerWise !== undefined) settings.push(layerWiseRates(layerWise))
  settings.push(ngramTables(ngramRate))
  return {
    ...rest,
    optimizer: {
      kind: 'adamw',
      ...adamw,
      perParameter: combineSettings(...settings),
      ...(maxGradNorm === null ? {} : { maxGradNorm }),
    },
    trainable: allExcept(...frozen.map(namePattern)),
  }
}

/**
 * The options of `tokenBatches` that a config and the rows determine.
 *
 * @throws KicError `trainer/config` if classes are to be balanced and there are no labels
 */
export const configuredBatches = (
  { batches: { classBalance, ...options }, seed }: TrainingConfig,
  { labels }: Pick<TokenRows, 'labels'>,
): Omit<BatchPlanOptions, 'epoch' | 'lengths'> => {
  if (classBalance !== undefined && labels === undefined) {
    throw new KicError<TrainerErrorCode>(
      'trainer/config',
      'configuredBatches: batches.classBalance needs labels, received rows without labels. Add labels, or leave it out.',
    )
  }
  const weights =
    classBalance === undefined || labels === undefined
      ? undefined
      : classBalancedWeights(labels, classBalance)
  return { ...options, seed, weights }
}
