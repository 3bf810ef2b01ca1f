import { readFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { saveClassifier } from '@kic/classifier'
import { defined, KicError } from '@kic/core'
import { selectEngine } from '@kic/engine'
import * as ort from 'onnxruntime-node'
import { BrowserRuntime } from './browser-runtime.ts'
import { engineLogits } from './engine-logits.ts'
import { onnxLogits } from './onnx-logits.ts'
import { accuracyOf, type Difference, differenceOf, type Prediction, predictionsOf } from './prediction.ts'
import { smallTraining } from './small-training.ts'
import { tokenBatches } from './token-batches.ts'
import { type Reading, type TrainedClassifier, trainedClassifier } from './trained-classifier.ts'
import { transformersPredictions } from './transformers-js.ts'

export interface CheckOptions {
  /** Where the exported classifier is written. */
  readonly folder: string
  /** Answers to train on. */
  readonly rows: number
  readonly reading: Reading
  readonly chromium?: string | undefined
  readonly built: boolean
  readonly say: (line: string) => void
}

/** One way of running the classifier, compared with the engine that trained it. */
export interface RuntimeResult extends Difference {
  readonly runtime: string
  readonly weights: 'float32' | 'float16' | 'int8'
  /** Share of right labels. */
  readonly accuracy: number
  /** Whether it passes. */
  readonly pass: boolean
}

/** Scores of float32 models may differ by this much between runtimes. */
const SCORE_TOLERANCE = 1e-4
/** Losses of a training run may differ by this much between engines. */
const LOSS_TOLERANCE = 1e-5
const TRAINING_STEPS = 20
/** So much of the accuracy may 8- and 16-bit weights cost, and so far may they move a score. */
const SMALL_WEIGHTS = { accuracy: 0.003, score: 0.03 } as const
/** Texts for the engines inside the browser, where one of them computes a single text at a time in one thread. */
const BROWSER_TEXTS = 200

/** Trains, exports and runs a classifier everywhere; the first result is the engine's own. */
export const checkRuntimes = async (options: CheckOptions): Promise<RuntimeResult[]> => {
  const { folder, say } = options
  const engine = await selectEngine('compiled')
  const trained = await trainedClassifier(engine, options.rows, options.reading)
  const { model, params, tokenizer, held } = trained
  const formats = ['float32', 'float16', 'int8'] as const
  await saveClassifier(folder, trained, { onnx: formats })
  const { id2label } = model.config
  const labels = Object.keys(id2label).map((id) => id2label[id] ?? '')
  const batches = tokenBatches(tokenizer, held.texts, trained.maxLength)
  const predicted = (logits: readonly number[]): Prediction[] =>
    predictionsOf(Float32Array.from(logits), labels)
  say(`${held.texts.length} held-out answers in ${batches.length} batches of ${shapesOf(batches)}`)
  const expected = predicted(await engineLogits(engine, model.config, params, batches))
  const losses = await smallTraining(engine, TRAINING_STEPS)
  engine.dispose()
  const compare = comparison(trained, expected)
  const results: RuntimeResult[] = [compare('engine: compiled', 'float32', expected)]
  const add = (...[runtime, weights, predictions]: Parameters<typeof compare>): void => {
    results.push(compare(runtime, weights, predictions))
    say(`${runtime}, ${weights}: done`)
  }
  for (const weights of formats) {
    const exported = await readFile(join(folder, 'onnx', FILES[weights]))
    add(
      `onnxruntime-node ${ort.env.versions.node}`,
      weights,
      predicted(await onnxLogits(ort, exported, batches)),
    )
  }
  for (const quantized of [false, true]) {
    const request = { models: dirname(folder), name: basename(folder), quantized, texts: held.texts }
    const predictions = await transformersPredictions(request)
    add('@xenova/transformers', quantized ? 'int8' : 'float32', predictions)
  }
  const browser = await BrowserRuntime.start({ ...options, model: folder })
  try {
    for (const weights of formats) {
      const { logits, what } = await browser.exported(FILES[weights], batches)
      add(`Chromium: ${what}`, weights, predicted(logits))
    }
    const few = tokenBatches(tokenizer, held.texts.slice(0, BROWSER_TEXTS), trained.maxLength)
    for (const name of ['compiled', 'wasm'] as const) {
      const { logits } = await browser.engine(name, few)
      add(`Chromium: engine ${name}`, 'float32', predicted(logits))
    }
    for (const name of ['compiled', 'wasm'] as const) {
      const trained = await browser.training(name, TRAINING_STEPS)
      const furthest = Math.max(...losses.map((loss, i) => Math.abs(loss - (trained[i] ?? Number.NaN))))
      if (!(furthest <= LOSS_TOLERANCE)) {
        throw new KicError(
          'runtimes/training',
          `Chromium: training on the ${name} engine gives other losses than here, by up to ${furthest}`,
        )
      }
      say(
        `Chromium: ${TRAINING_STEPS} training steps, engine ${name}: losses differ by at most ${furthest.toExponential(1)}`,
      )
    }
  } finally {
    await browser.close()
  }
  return results
}

const FILES = { float32: 'model.onnx', float16: 'model_fp16.onnx', int8: 'model_quantized.onnx' } as const

const shapesOf = (batches: readonly { readonly shape: readonly [number, number] }[]): string => {
  const [sizes, lengths] = [0, 1].map((axis) => batches.map(({ shape }) => defined(shape[axis])))
  const range = (values: readonly number[] = []) => `${Math.min(...values)} to ${Math.max(...values)}`
  return `${range(sizes)} texts and ${range(lengths)} tokens`
}

/** Compares with as many of the first expected texts as there are results. */
const comparison =
  ({ held }: TrainedClassifier, expected: readonly Prediction[]) =>
  (runtime: string, weights: RuntimeResult['weights'], predictions: readonly Prediction[]): RuntimeResult => {
    const wanted = expected.slice(0, runtime.includes('engine') ? predictions.length : undefined)
    const truth = held.labels.slice(0, wanted.length)
    const difference = differenceOf(predictions, wanted)
    const [accuracy, full] = [accuracyOf(predictions, truth), accuracyOf(wanted, truth)]
    const same = difference.otherLabels === 0 && difference.largestScore <= SCORE_TOLERANCE
    const close = full - accuracy <= SMALL_WEIGHTS.accuracy && difference.largestScore <= SMALL_WEIGHTS.score
    const pass = weights === 'float32' ? same : close
    return { runtime, weights, accuracy, ...difference, pass }
  }
