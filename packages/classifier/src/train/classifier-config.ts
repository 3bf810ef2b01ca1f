import { LORA_TARGETS } from '@kic/roberta'
import { parseConfig, trainingConfig } from '@kic/trainer'
import { z } from 'zod'
import { LOSS_NAMES } from '../fit/classifier-loss.ts'
import { isMetric, METRICS } from '../fit/validation-metrics.ts'
import { encoderSizes } from '../start/encoder-sizes.ts'

const positive = z.int().positive()
const { batches, learningRate, ...training } = trainingConfig.shape
const { batchSize, tokenBudget, ...batching } = batches.shape

/** Options of `lora` of `@kic/roberta`. */
const loraConfig = z.strictObject({
  rank: positive,
  alpha: z.number().positive().exactOptional(),
  targets: z.array(z.enum(LORA_TARGETS)).min(1).exactOptional(),
  dropout: z.number().min(0).lt(1).exactOptional(),
})

/** The JSON-compatible options of a training, with defaults. Unknown keys are refused. */
export const classifierConfig = z
  .strictObject({
    /** The level of the classification whose codes are the classes; default: the finest. */
    level: z.string().min(1).optional(),
    /** Share of the rows for validation and calibration. */
    validation: z.number().gt(0).lt(1).default(0.1),
    /** A saved model's folder or an id of the Hub to start from; default: from scratch. */
    from: z.string().min(1).optional(),
    /** `standard`, `mean`, `ngram`, or the x of an installed `@kic/heads-x`. */
    head: z.string().min(1).optional(),
    /** Replaces a saved classifier's head by a fresh one. */
    freshHead: z.boolean().default(false),
    /** Trains adapters and the head instead of the encoder of the model in `from`; the saved model has them merged. */
    lora: loraConfig.optional(),
    /** From scratch. */
    encoder: encoderSizes.prefault({}),
    /** Batches; `maxLength` also cuts rows of tokens. */
    ...batching,
    batchSize: positive.optional(),
    tokenBudget: positive.optional(),
    loss: z.enum(LOSS_NAMES).default('cross-entropy'),
    /** Share of the target spread over all classes, for the loss cross-entropy. */
    labelSmoothing: z.number().min(0).lt(1).default(0),
    /** Class weights of the loss: `balanced`, or by name; the default weight is 1. */
    classWeights: z.union([z.literal('balanced'), z.record(z.string(), z.number().min(0))]).optional(),
    /** The folder of a model or an ensemble from whose probabilities the model learns, too. */
    teacher: z.string().min(1).optional(),
    /** The share of the teacher in the loss; default 0.5. */
    teacherWeight: z.number().min(0).max(1).optional(),
    /** Softens the probabilities of teacher and student; default 2. */
    temperature: z.number().positive().optional(),
    ...training,
    /** Default: a rate that suits what training starts from. */
    learningRate: learningRate.optional(),
    schedule: training.schedule.removeDefault().default({ kind: 'linear', warmupRatio: 0.06 }),
    epochs: positive.default(3),
    seed: z.int().default(1),
    /** ONNX files to write; predictions and calibration use the first of int8, float32, float16. */
    export: z
      .array(z.enum(['int8', 'float32', 'float16']))
      .min(1)
      .default(['int8', 'float32']),
    /** Fits temperature and validation curve on the validation rows. */
    calibrate: z.boolean().default(true),
    /** Trains naive Bayes on n-grams for comparison, and saves it as a model in `baseline/`. */
    baseline: z.boolean().default(true),
    /** Keeps the training texts in the folder: explanations show the nearest ones. Whoever has the folder can read them. */
    keepExamples: z.boolean().default(false),
    /** Keeps hashes of the training texts in the folder: calibration on these texts is noticed. */
    textHashes: z.boolean().default(true),
  })
  .refine((config) => config.batchSize === undefined || config.tokenBudget === undefined, {
    error: 'give batchSize or tokenBudget, not both',
  })
  .refine(({ lora, from }) => lora === undefined || from !== undefined, {
    error: 'it needs a pretrained encoder in from',
    path: ['lora'],
  })
  .refine(({ loss, labelSmoothing }) => labelSmoothing === 0 || loss === 'cross-entropy', {
    error: 'it needs the loss cross-entropy',
    path: ['labelSmoothing'],
  })
  .refine(
    ({ teacher, teacherWeight, temperature }) =>
      teacher !== undefined || (teacherWeight === undefined && temperature === undefined),
    { error: 'teacherWeight and temperature need a teacher', path: ['teacher'] },
  )
  .refine(({ evaluate: { best } }) => best === undefined || isMetric(best.metric), {
    error: `the metric must be one of ${METRICS.join(', ')}`,
    path: ['evaluate', 'best', 'metric'],
  })

export type ClassifierConfig = z.output<typeof classifierConfig>

type Input = z.input<typeof classifierConfig>
/** A config as given; every key is optional. */
export type ClassifierConfigInput = { readonly [K in keyof Input]?: Input[K] | undefined }

/**
 * A config with its defaults.
 *
 * @throws KicError `trainer/config` naming everything that is wrong and where
 */
export const parseClassifierConfig = (given: ClassifierConfigInput): ClassifierConfig =>
  parseConfig(
    classifierConfig,
    Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
    'the classifier config',
  )
