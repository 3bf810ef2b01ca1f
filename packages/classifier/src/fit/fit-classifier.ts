import type { AdamW, LossFunction } from '@kic/engine'
import type { WeightedLevel } from '@kic/losses'
import { type Model, parameter } from '@kic/nn'
import type { HostTensors } from '@kic/safetensors'
import {
  type BatchPlanOptions,
  combineSettings,
  ngramTables,
  noDecay,
  type TokenRows,
  type TrainOptions,
  type TrainResult,
  tokenBatches,
  train,
} from '@kic/trainer'
import * as tf from '@tensorflow/tfjs'
import { classifierError } from '../classifier-error.ts'
import { type ClassifierLoss, type LossName, passLoss, type Teaching, taughtLoss } from './classifier-loss.ts'

/** Rows of tokens, each with the number of its class, or -100 for rows with soft targets alone. */
export type LabelledTokenRows = TokenRows & { readonly labels: ArrayLike<number> }

/** How rows become batches. Give either `batchSize` or `tokenBudget`. */
type Batching = Pick<
  BatchPlanOptions,
  'batchSize' | 'tokenBudget' | 'bucket' | 'maxLength' | 'grouping' | 'dropLast'
>

export interface FitOptions
  extends Batching,
    Teaching,
    Omit<TrainOptions, 'params' | 'loss' | 'trainable' | 'optimizer' | 'batches'> {
  readonly model: Pick<Model, 'logits' | 'frozen'>
  /** Initial value of every parameter. */
  readonly initial: HostTensors
  readonly rows: LabelledTokenRows
  readonly padTokenId: number
  /** Default: cross-entropy. */
  readonly loss?: LossName | ClassifierLoss | undefined
  /** Coarser levels, for the loss `hierarchical`. */
  readonly coarser?: readonly WeightedLevel[] | undefined
  /** Weight of each class in the loss, [C]. */
  readonly classWeights?: ArrayLike<number> | undefined
  /** Share of the target spread over all classes, for cross-entropy or a function; default 0. */
  readonly labelSmoothing?: number | undefined
  /** Draws rows with replacement, in proportion to these weights, [N]. Default: each row once per epoch. */
  readonly samplingWeights?: ArrayLike<number> | undefined
  /** Parameters that are not trained; default: the model's. */
  readonly frozen?: ((name: string) => boolean) | undefined
  /** Overrides of AdamW with decay 0.01 (not on biases and layer norms) and gradients clipped at norm 1. */
  readonly optimizer?: Partial<AdamW> | undefined
}

/**
 * Trains a classifier on rows of tokens. The defaults are cross-entropy, AdamW, and a learning rate that decays linearly
 * after 6 % of warm-up. Rows with soft targets also learn from those (`distillationLoss`). Every classifier of this
 * repository is trained by this function.
 *
 * @returns what `train` returns; the caller disposes of its parameters
 * @throws KicError `classifier/loss`, and as `train` and `tokenBatches`
 */
export const fitClassifier = ({
  model,
  initial,
  rows,
  padTokenId,
  loss = 'cross-entropy',
  coarser,
  classWeights,
  labelSmoothing = 0,
  teacherWeight,
  temperature,
  samplingWeights,
  frozen = model.frozen ?? (() => false),
  optimizer,
  schedule = { kind: 'linear', warmupRatio: 0.06 },
  batchSize,
  tokenBudget,
  bucket,
  maxLength,
  grouping,
  dropLast,
  ...training
}: FitOptions): Promise<TrainResult> => {
  const lossOf = passLoss(loss, coarser)
  if (labelSmoothing > 0 && typeof loss === 'string' && loss !== 'cross-entropy') {
    throw classifierError(
      'classifier/loss',
      `fitClassifier: labelSmoothing needs the loss cross-entropy, received ${loss}. Leave one of them out.`,
    )
  }
  const weights = classWeights && Float32Array.from(classWeights)
  const minimised: LossFunction = (params, batch, ctx) => {
    const logits = () => model.logits(params, batch, ctx)
    const labels = parameter(batch, 'labels')
    const options = { labelSmoothing, ...(weights && { classWeights: tf.tensor1d(weights) }) }
    if (rows.softTargets === undefined) return lossOf(logits, labels, options)
    const how = { ...options, teacherWeight, temperature }
    return taughtLoss(lossOf, logits, labels, parameter(batch, 'soft_targets'), how)
  }
  return train({
    ...training,
    params: initial,
    loss: minimised,
    trainable: (name) => !frozen(name),
    optimizer: {
      kind: 'adamw',
      weightDecay: 0.01,
      maxGradNorm: 1,
      perParameter: combineSettings(noDecay(), ngramTables()),
      ...optimizer,
    },
    schedule,
    batches: tokenBatches(rows, {
      batchSize,
      tokenBudget,
      bucket,
      maxLength,
      grouping,
      dropLast,
      weights: samplingWeights,
      seed: training.seed,
      padTokenId,
    }),
  })
}
