import { labelNumbers } from '@kic/classification'
import { fitClassifier } from '@kic/classifier'
import type { Model } from '@kic/nn'
import type { HostTensors } from '@kic/safetensors'
import { createPredictor } from '@kic/trainer'
import { progress } from '@kic/trainer/node'
import { FINE_TUNING_SCHEDULE } from '../fine-tuning-schedule.ts'
import type { Setup } from './setup.ts'

export interface FineTuning {
  readonly name: string
  /** Which labels to learn. */
  readonly level: string
  readonly model: Pick<Model, 'logits' | 'frozen'>
  /** Every parameter before training. */
  readonly initial: HostTensors
  /** Default: the preset's. */
  readonly epochs?: number | undefined
  readonly seed: number
}

/** A trained classifier and its predictions. */
export interface FineTuned {
  readonly params: HostTensors
  /** Probabilities of the validation and the test rows, [N, C]. */
  readonly validation: Float32Array
  readonly test: Float32Array
  readonly classes: number
  readonly updates: number
  readonly seconds: number
}

/** Trains a classifier as every method of the ablation is trained: same rows, same order, same number of epochs. */
export const fineTune = async (setup: Setup, run: FineTuning): Promise<FineTuned> => {
  const { engine, preset, settings, tokenizer, task } = setup
  const padTokenId = tokenizer.specialTokens.pad.id
  const { name, level, model, initial, epochs = preset.epochs, seed } = run
  const { batchSize, learningRate } = preset
  const started = performance.now()
  const result = await fitClassifier({
    engine,
    model,
    initial,
    rows: {
      ...setup.train.tokens,
      labels: labelNumbers(task.classification, level, setup.train.rows),
    },
    padTokenId,
    loss: settings.loss,
    labelSmoothing: settings.labelSmoothing,
    schedule: FINE_TUNING_SCHEDULE,
    epochs,
    batchSize,
    learningRate,
    callbacks: [progress({ label: name.padEnd(24) })],
    seed,
  })
  const predict = createPredictor({ engine, forward: model.logits, padTokenId, batchSize })
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
