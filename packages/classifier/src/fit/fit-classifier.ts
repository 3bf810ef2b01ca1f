import type { AdamW, LossFunction } from '@kic/engine'
import type { WeightedLevel } from '@kic/losses'
import { type Model, parameter } from '@kic/nn'
import type { HostTensors } from '@kic/safetensors'
import {
  type BatchPlanOptions,
  noDecay,
  type TokenRows,
  type TrainOptions,
  type TrainResult,
  tokenBatches,
  train,
} from '@kic/trainer'
import * as tf from '@tensorflow/tfjs'
import { type ClassifierLoss, type LossName, passLoss } from './classifier-loss.ts'

/** Rows of tokens, each with the number of its class. */
export type LabelledTokenRows = TokenRows & { readonly labels: ArrayLike<number> }

/** How rows become batches; one of `batchSize` and `tokenBudget` is given. */
type Batching = Pick<
  BatchPlanOptions,
  'batchSize' | 'tokenBudget' | 'bucket' | 'maxLength' | 'grouping' | 'dropLast'
>

export interface FitOptions
  extends Batching,
    Omit<TrainOptions, 'params' | 'loss' | 'trainable' | 'optimizer' | 'batches'> {
  readonly model: Pick<Model, 'logits' | 'frozen'>
  /** The value of every parameter at the start. */
  readonly initial: HostTensors
  readonly rows: LabelledTokenRows
  readonly padTokenId: number
  /** Default: cross-entropy. */
  readonly loss?: LossName | ClassifierLoss | undefined
  /** The levels above, which the loss `hierarchical` reads. */
  readonly coarser?: readonly WeightedLevel[] | undefined
  /** A factor for each class in the loss, [C]. */
  readonly classWeights?: ArrayLike<number> | undefined
  /** Draws rows with replacement in proportion to these, [N], in place of each row once an epoch. */
  readonly samplingWeights?: ArrayLike<number> | undefined
  /** Parameters that keep their values; default: those that the model says. */
  readonly frozen?: ((name: string) => boolean) | undefined
  /** Where it differs from decay 0.01 on all but biases and layer norms, gradients clipped at norm 1. */
  readonly optimizer?: Partial<AdamW> | undefined
}

/**
 * Trains a classifier on rows of tokens: by default cross-entropy, AdamW, and a learning rate that falls linearly after 6 %
 * of warm-up. All classifiers of this repository are trained by this function.
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
  const weights = classWeights && Float32Array.from(classWeights)
  const minimised: LossFunction = (params, batch, ctx) =>
    lossOf(
      () => model.logits(params, batch, ctx),
      parameter(batch, 'labels'),
      weights === undefined ? {} : { classWeights: tf.tensor1d(weights) },
    )
  return train({
    ...training,
    params: initial,
    loss: minimised,
    trainable: (name) => !frozen(name),
    optimizer: { kind: 'adamw', weightDecay: 0.01, maxGradNorm: 1, perParameter: noDecay(), ...optimizer },
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
