import { join } from 'node:path'
import { codesOf, finestLevel, labelNumbers, levelNames } from '@kic/classification'
import { KicError } from '@kic/core'
import type { Row } from '@kic/data'
import { type Engine, selectEngine } from '@kic/engine'
import { crossEntropy } from '@kic/losses'
import { initialize, parameter } from '@kic/nn'
import { saveNotes } from '@kic/predictor/node'
import { createRobertaConfig, meanHead, sequenceClassifier, standardHead } from '@kic/roberta'
import { savePretrained } from '@kic/roberta/node'
import { classificationScores } from '@kic/scores'
import { createTokenizer, type Tokenizer, trainWordPiece } from '@kic/tokenizer'
import {
  configuredBatches,
  configuredTraining,
  createPredictor,
  type TrainCallbacks,
  tokenBatches,
  train,
} from '@kic/trainer'
import {
  checkSameData,
  dataFingerprint,
  describeMachine,
  differencesSince,
  folderCheckpoints,
  jsonLines,
  loadRun,
  packageVersions,
  progress,
  saveRun,
  tensorBoard,
  tensorsDigest,
  wandb,
} from '@kic/trainer/node'
import { checkOutput } from '../check-output.ts'
import { loadTask, type Task } from '../load-task.ts'
import { notesOfTask } from '../notes-of-task.ts'
import { checkTask } from '../recipe/check-task.ts'
import { saveTextFiles } from '../save-text-files.ts'
import { tokenize } from '../tokenize.ts'
import { type RunConfig, runConfig } from './run-config.ts'

export interface TrainRunOptions {
  /** A config, or the `run.json` of an earlier run, which is then repeated. */
  readonly file: string
  /** Where run.json, logs, checkpoints and the model go. */
  readonly output: string
  readonly resume: boolean
  /** A project of Weights & Biases; without it nothing is sent anywhere. */
  readonly wandb?: string
  readonly say: (line: string) => void
}

/** What decides whether two installations compute alike. */
const PACKAGES = [
  '@kic/core',
  '@kic/data',
  '@kic/engine',
  '@kic/losses',
  '@kic/nn',
  '@kic/roberta',
  '@kic/tokenizer',
  '@kic/trainer',
  '@tensorflow/tfjs',
  'onnxruntime-node',
]

/**
 * Trains one classifier as a file says, and leaves a `run.json` that repeats it. Given such a file, it is the same run
 * again: other data is refused, other versions are said, and the parameters are compared bit by bit.
 *
 * @returns whether the parameters are those of the repeated run; `true` where there is none
 * @throws KicError `example/output`, `example/unknown-level`, `example/too-few-classes`, `example/no-rows`, and as `loadRun`,
 *   `checkSameData`, `loadTask` and `train`
 */
export const trainRun = async (options: TrainRunOptions): Promise<boolean> => {
  const { file, output, say } = options
  const { config, record } = await loadRun(file, runConfig)
  await checkOutput(output, ['run.json', 'log.jsonl'])
  const task = await loadTask({ name: file, ...config.data }, config.data.seed, config.data.source)
  for (const note of task.notes) say(note)
  const data = dataFingerprint(fingerprinted(task))
  if (record !== undefined) checkSameData(record, data)
  checkTask(task)
  const level = levelOf(config, task)
  const engine = await selectEngine(config.engine)
  try {
    const here = { data, packages: await packageVersions(PACKAGES), machine: describeMachine(engine) }
    for (const line of record === undefined ? [] : differencesSince(record, here)) {
      say(`since that run has changed ${line}`)
    }
    const path = join(output, 'run.json')
    await saveRun(path, { config, ...here })
    const result = await trainClassifier(engine, config, task, level, options)
    await saveRun(path, { config, ...here, result })
    say(`run: ${path}\nparameters: SHA-256 ${result.parameters}`)
    if (record?.result === undefined) return true
    const same = record.result.parameters === result.parameters
    say(same ? `bit-identical to ${file}` : `NOT those of ${file}: ${record.result.parameters}`)
    return same
  } finally {
    engine.dispose()
  }
}

/** All that a run is made of and judged by, row by row. */
function* fingerprinted({ classification, train: training, validation }: Task): Generator<string> {
  for (const level of levelNames(classification)) yield JSON.stringify(codesOf(classification, level))
  for (const { text, labels } of [...training, ...validation]) yield JSON.stringify([text, labels])
}

/** The level that is predicted. */
const levelOf = (config: RunConfig, { classification }: Task): string => {
  const level = config.level ?? finestLevel(classification)
  if (!levelNames(classification).includes(level)) {
    throw new KicError(
      'example/unknown-level',
      `trainRun: the data has no level "${level}"; known: ${levelNames(classification).join(', ')}`,
    )
  }
  const codes = codesOf(classification, level)
  if (codes.length > 1) return level
  throw new KicError(
    'example/too-few-classes',
    `trainRun: a classifier must have at least two classes to tell apart, received ${codes.length} of level ${level}: ${codes.join(', ')}. Give another level, or rows of other classes too.`,
  )
}

const trainClassifier = async (
  engine: Engine,
  config: RunConfig,
  task: Task,
  level: string,
  options: TrainRunOptions,
) => {
  const { classification } = task
  const texts = task.train.map((row) => row.text)
  const vocabulary = await trainWordPiece(texts, { vocabSize: config.tokenizer.vocabulary })
  const tokenizer = createTokenizer({ vocabulary, tokenizerConfig: { do_lower_case: false } })
  const rowsOf = (rows: readonly Row[]) => ({
    ...tokenize(tokenizer, rows, config.tokenizer.maxLength),
    labels: labelNumbers(classification, level, rows),
  })
  const [rows, validation] = [rowsOf(task.train), rowsOf(task.validation)]
  const modelConfig = robertaConfig(config, tokenizer, codesOf(classification, level))
  const model = sequenceClassifier(modelConfig, config.model.head === 'mean' ? meanHead : standardHead)
  const padTokenId = tokenizer.specialTokens.pad.id
  const predict = createPredictor({ engine, forward: model.logits, padTokenId })
  const { training } = config
  const { every, keepLast } = training.checkpoints
  const result = await train({
    ...configuredTraining(training),
    engine,
    params: initialize(model.parameters, training.seed),
    loss: (params, batch, ctx) => crossEntropy(model.logits(params, batch, ctx), parameter(batch, 'labels')),
    batches: tokenBatches(rows, { ...configuredBatches(training, rows), padTokenId }),
    evaluate: {
      ...training.evaluate,
      run: async (params) => {
        const labels = (await predict(params, validation)).labels()
        const { accuracy, macroF1, weightedF1 } = classificationScores(labels, validation.labels)
        return { accuracy, macroF1, weightedF1 }
      },
    },
    checkpoints: {
      store: folderCheckpoints(join(options.output, 'checkpoints'), { keepLast }),
      every,
      resume: options.resume,
    },
    rowName: (row) => task.train[row]?.id ?? String(row),
    callbacks: watchers(config, options),
  })
  const params = await result.params.read()
  const folder = join(options.output, 'model')
  await savePretrained(
    folder,
    { ...model, params: (await result.best?.load()) ?? params },
    {
      files: async (at) => {
        await saveTextFiles(at, tokenizer)
        await saveNotes(at, notesOfTask(classification))
      },
    },
  )
  const { steps, metrics } = result
  const parameters = tensorsDigest(params)
  result.params.dispose()
  predict.dispose()
  return { parameters, steps, metrics }
}

const robertaConfig = (
  { model, tokenizer: { maxLength } }: RunConfig,
  tokenizer: Tokenizer,
  codes: readonly string[],
) => {
  const { pad, cls, sep } = tokenizer.specialTokens
  return createRobertaConfig({
    vocab_size: tokenizer.vocabSize,
    hidden_size: model.hidden,
    num_hidden_layers: model.layers,
    num_attention_heads: model.heads,
    intermediate_size: 4 * model.hidden,
    initializer_range: model.initializerRange,
    max_position_embeddings: maxLength + pad.id + 1,
    pad_token_id: pad.id,
    bos_token_id: cls.id,
    eos_token_id: sep.id,
    id2label: Object.fromEntries(codes.map((code, i) => [i, code])),
  })
}

const watchers = (config: RunConfig, options: TrainRunOptions): TrainCallbacks[] => [
  progress(),
  jsonLines(join(options.output, 'log.jsonl')),
  tensorBoard(join(options.output, 'events')),
  ...(options.wandb === undefined
    ? []
    : [wandb({ project: options.wandb, config, folder: join(options.output, 'wandb') })]),
]
