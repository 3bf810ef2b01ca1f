import { ancestorLevels } from '@kic/classification'
import type { Engine } from '@kic/engine'
import type { WeightedLevel } from '@kic/losses'
import type { Adapter } from '@kic/roberta/node'
import type { HostTensors } from '@kic/safetensors'
import {
  configuredBatches,
  configuredTraining,
  createPredictor,
  type EvaluateOptions,
  type Metrics,
  type Predictions,
  parseConfig,
  type TrainCallbacks,
  type TrainOptions,
  type TrainResult,
  trainingConfig,
} from '@kic/trainer'
import { balancedClassWeights } from '../fit/balanced-weights.ts'
import { checkPredictions } from '../fit/check-predictions.ts'
import type { ClassifierLoss, LossName } from '../fit/classifier-loss.ts'
import { fitClassifier, type LabelledTokenRows } from '../fit/fit-classifier.ts'
import { validationMetrics } from '../fit/validation-metrics.ts'
import type { Task } from '../rows/split-task.ts'
import type { TaskRow } from '../rows/task-rows.ts'
import { classNames } from '../start/class-names.ts'
import { classNumbers } from '../start/class-numbers.ts'
import type { StartingPoint } from '../start/fresh-classifier.ts'
import { chooseRate, describeRate } from '../start/learning-rate.ts'
import { tokenizeRows } from '../start/tokenize-rows.ts'
import { describeLora, withLora } from '../start/with-lora.ts'
import { softTargets } from '../teacher/soft-targets.ts'
import type { TeacherAnswers } from '../teacher/teacher-answers.ts'
import type { ClassifierConfig } from './classifier-config.ts'
import { frozenParameters } from './frozen-parameters.ts'
import { namedClassWeights } from './named-class-weights.ts'
import type { ProgressOutput } from './progress-output.ts'

export interface FitFromOptions {
  readonly engine: Engine
  readonly task: Task
  readonly config: ClassifierConfig
  /** The rows that the training is evaluated on and that choose among its parameters; default: the validation rows. */
  readonly watched?: readonly TaskRow[] | undefined
  /** Of the task's teacher, if it has one. */
  readonly answers?: TeacherAnswers | undefined
  /** Instead of the config's. */
  readonly loss?: LossName | ClassifierLoss | undefined
  readonly checkpoints?: TrainOptions['checkpoints']
  readonly callbacks?: readonly TrainCallbacks[] | undefined
  readonly signal?: AbortSignal | undefined
  readonly output: ProgressOutput
  /** Prefix of each progress line. */
  readonly label: string
}

/** A trained classifier. */
export interface FittedTask extends Pick<StartingPoint, 'model' | 'tokenizer'> {
  /** The parameters of the best evaluation if the config selects one, else the final ones. */
  readonly params: HostTensors
  /** What was trained, if LoRA trained it; `params` have it merged. */
  readonly adapter?: Adapter | undefined
  /** In class order. */
  readonly classes: readonly string[]
  readonly learningRate: number
  /** Metrics of these parameters on the watched rows; empty without such rows. */
  readonly metrics: Metrics
  readonly result: Omit<TrainResult, 'params' | 'averaged' | 'best'>
  /** Logits and probabilities of rows, by the engine. */
  predict(rows: readonly TaskRow[]): Promise<Predictions>
}

/** The rows that a model learns: training rows, then the teacher's texts without labels. */
export const taughtRows = ({ train, taught }: Task): readonly TaskRow[] => [
  ...train,
  ...(taught?.unlabelled ?? []),
]

/**
 * Trains a classifier from its starting point on a task's training rows and texts without labels, and evaluates it on the
 * watched rows during training. A signal that ends the training leaves what was learned until then.
 *
 * @throws KicError as `fitClassifier`
 */
export const fitFrom = async (start: StartingPoint, options: FitFromOptions): Promise<FittedTask> => {
  const { engine, task, config, output, watched = task.validation } = options
  const rows = taughtRows(task)
  const { tokenizer } = start
  const adapted = config.lora && withLora(start, config.lora, config.seed)
  const { model, initial } = adapted ?? start
  const frozen = frozenParameters(config.frozen, model)
  const classes = classNames(model.config.id2label)
  if (start.pretrained === 'classifier')
    output.say(
      `continuing from the classifier ${config.from}, with its head and its ${classes.length} classes`,
    )
  const hidden = start.pretrained === 'nothing' ? undefined : model.config.hidden_size
  const rate = chooseRate(config.learningRate, hidden, adapted !== undefined)
  output.say(`${describeLength(config)}, ${describeRate(rate)}`)
  if (adapted !== undefined) for (const line of describeLora(adapted, start.model, frozen)) output.say(line)
  const rowsOf = (of: readonly TaskRow[]): LabelledTokenRows => ({
    ...tokenizeRows(
      { tokenizer, config: model.config },
      of.map(({ text }) => text),
      config.maxLength,
    ),
    labels: classNumbers(
      classes,
      of.map(({ labels }) => labels[task.level]),
    ),
  })
  const padTokenId = tokenizer.specialTokens.pad.id
  const training = trainingRows(rowsOf(rows), task, rows, options.answers, classes)
  const predicting = { engine, padTokenId, bucket: config.bucket }
  const predictor = createPredictor({ ...predicting, forward: model.logits })
  try {
    const { params, averaged, best, ...result } = await fitClassifier({
      ...fitOptions(config, rate.learningRate, rows, training),
      frozen,
      engine,
      model,
      initial,
      rows: training,
      padTokenId,
      loss: options.loss ?? config.loss,
      coarser: coarserLevels(task, classes),
      classWeights: classWeightsOf(config, classes, training.labels),
      labelSmoothing: config.labelSmoothing,
      teacherWeight: config.teacherWeight,
      temperature: config.temperature,
      evaluate:
        watched.length === 0
          ? undefined
          : { ...evaluation(config), run: validationMetrics(predictor, rowsOf(watched)) },
      checkpoints: options.checkpoints,
      callbacks: [...output.training(options.label), ...(options.callbacks ?? [])],
      rowName: (row) => rows[row]?.id ?? String(row + 1),
      signal: options.signal,
    })
    const final = averaged ?? (await params.read())
    params.dispose()
    const found = best === null ? final : await best.load()
    const trained = adapted?.merged(found) ?? found
    return {
      model: start.model,
      tokenizer,
      classes,
      learningRate: rate.learningRate,
      metrics: best?.metrics ?? result.metrics,
      result,
      params: trained,
      adapter: adapted && { config: model.config, lora: adapted.lora, params: found },
      predict: async (others) => {
        const placed = engine.place(trained)
        const again = createPredictor({ ...predicting, forward: start.model.logits })
        try {
          return checkPredictions('trainClassifier', await again(placed, rowsOf(others)))
        } finally {
          again.dispose()
          placed.dispose()
        }
      },
    }
  } finally {
    predictor.dispose()
  }
}

/** Rows to train on, with the teacher's answers, if there is one. Texts without labels follow the training rows. */
const trainingRows = (
  tokens: LabelledTokenRows,
  { train }: Task,
  rows: readonly TaskRow[],
  answers: TeacherAnswers | undefined,
  classes: readonly string[],
): LabelledTokenRows =>
  answers === undefined
    ? tokens
    : {
        ...tokens,
        labels: Int32Array.from(tokens.labels).fill(NO_LABEL, train.length),
        softTargets: softTargets(
          answers,
          rows.map(({ text }) => text),
          classes,
        ),
      }

/** The label that losses ignore. */
const NO_LABEL = -100

const describeLength = ({ epochs, batchSize = BATCH_SIZE, tokenBudget }: ClassifierConfig): string =>
  `${epochs} ${epochs === 1 ? 'epoch' : 'epochs'}, batches of ${tokenBudget === undefined ? batchSize : `${tokenBudget} tokens`}`

const BATCH_SIZE = 64

/** The config's options for `fitClassifier`, for these rows. */
const fitOptions = (
  config: ClassifierConfig,
  learningRate: number,
  rows: readonly TaskRow[],
  tokens: LabelledTokenRows,
) => {
  const size = config.tokenBudget === undefined ? { batchSize: BATCH_SIZE } : {}
  const training = parseConfig(trainingConfig, {
    ...picked(config, trainingConfig.shape),
    learningRate,
    batches: { ...size, ...picked(config, trainingConfig.shape.batches.shape) },
  })
  const { trainable: _, ...options } = configuredTraining(training)
  const { weights, ...batches } = configuredBatches(training, tokens)
  return {
    ...options,
    ...batches,
    samplingWeights: samplingWeights(rows, weights),
  }
}

/** The keys of a config that a schema has. */
const picked = (config: ClassifierConfig, shape: object): object =>
  Object.fromEntries(Object.entries(config).filter(([key]) => Object.hasOwn(shape, key)))

/** The rows' weights times those that balance classes; `undefined` if each row is used once per epoch. */
const samplingWeights = (
  rows: readonly TaskRow[],
  balance: ArrayLike<number> | undefined,
): ArrayLike<number> | undefined => {
  if (rows.every(({ weight }) => weight === undefined)) return balance
  return Float64Array.from(rows, ({ weight = 1 }, row) => weight * (balance?.[row] ?? 1))
}

/** Early stopping watches the accuracy by default. */
const evaluation = ({ evaluate }: ClassifierConfig): Omit<EvaluateOptions, 'run'> =>
  evaluate.earlyStopping === undefined ? evaluate : { best: { metric: 'accuracy', mode: 'max' }, ...evaluate }

const classWeightsOf = (
  { classWeights }: ClassifierConfig,
  classes: readonly string[],
  labels: ArrayLike<number>,
): Float32Array | undefined => {
  if (classWeights === undefined) return undefined
  return classWeights === 'balanced'
    ? balancedClassWeights(labels, classes.length)
    : namedClassWeights(classWeights, classes)
}

/** The levels above the learned one, with equal weights. */
const coarserLevels = (
  { classification, level }: Task,
  classes: readonly string[],
): readonly WeightedLevel[] =>
  ancestorLevels(classification, { level, codes: classes })
    .slice(0, -1)
    .map((above) => ({ ...above, weight: 1 }))
