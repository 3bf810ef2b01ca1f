import { labelNumbers } from '@kic/classification'
import type { Context, Tensors } from '@kic/engine'
import type { HostTensors } from '@kic/safetensors'
import { createPredictor } from '@kic/trainer'
import type { Scalar, Tensor } from '@tensorflow/tfjs'
import { trainClassifier } from '../train-classifier.ts'
import type { Setup } from './setup.ts'

export interface FineTuning {
  readonly name: string
  /** Which labels to learn. */
  readonly level: string
  /** [B, C] */
  readonly logits: (params: Tensors, feeds: Tensors, ctx: Context) => Tensor
  /** What to begin with. */
  readonly start: HostTensors
  /** Default: cross-entropy. */
  readonly loss?: (logits: Tensor, labels: Tensor) => Scalar
  readonly frozen?: (name: string) => boolean
  /** Default: the preset's. */
  readonly epochs?: number
  readonly seed: number
}

/** A classifier that was trained, and what it says. */
export interface FineTuned {
  readonly params: HostTensors
  /** Probabilities of the validation and the test rows, [N, C]. */
  readonly validation: Float32Array
  readonly test: Float32Array
  readonly classes: number
  readonly updates: number
  readonly seconds: number
}

/** Trains a classifier as every method of the ablation is trained: same rows, same order, same number of updates. */
export const fineTune = async (setup: Setup, run: FineTuning): Promise<FineTuned> => {
  const { engine, preset, tokenizer, task } = setup
  const padTokenId = tokenizer.specialTokens.pad.id
  const labelled = {
    ...setup.train.tokens,
    labels: labelNumbers(task.classification, run.level, setup.train.rows),
  }
  const started = performance.now()
  const result = await trainClassifier({
    ...run,
    engine,
    rows: labelled,
    padTokenId,
    epochs: run.epochs ?? preset.epochs,
    batchSize: preset.batchSize,
    learningRate: preset.learningRate,
    label: run.name.padEnd(24),
  })
  const predict = createPredictor({ engine, forward: run.logits, padTokenId, batchSize: preset.batchSize })
  try {
    const validation = await predict(result.params, setup.validation.tokens)
    const test = await predict(result.params, setup.test.tokens)
    return {
      params: await result.params.read(),
      validation: validation.probabilities(),
      test: test.probabilities(),
      classes: test.classes,
      updates: result.steps,
      seconds: (performance.now() - started) / 1000,
    }
  } finally {
    predict.dispose()
    result.params.dispose()
  }
}
