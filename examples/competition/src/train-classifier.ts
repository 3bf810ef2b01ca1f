import type { Context, Engine, Tensors } from '@kic/engine'
import { crossEntropy } from '@kic/losses'
import { parameter } from '@kic/nn'
import type { HostTensors } from '@kic/safetensors'
import {
  noDecay,
  type TokenRows,
  type TrainOptions,
  type TrainResult,
  tokenBatches,
  train,
} from '@kic/trainer'
import { progress } from '@kic/trainer/node'
import type { Scalar, Tensor } from '@tensorflow/tfjs'

export interface ClassifierTraining {
  readonly engine: Engine
  /** What to begin with. */
  readonly start: HostTensors
  /** [B, C] */
  readonly logits: (params: Tensors, feeds: Tensors, ctx: Context) => Tensor
  /** Rows with their class numbers. */
  readonly rows: TokenRows & { readonly labels: Int32Array }
  readonly padTokenId: number
  /** Default: cross-entropy. */
  readonly loss?: (logits: Tensor, labels: Tensor) => Scalar
  /** Parameters that stay as they are. */
  readonly frozen?: (name: string) => boolean
  readonly epochs: number
  readonly batchSize: number
  readonly learningRate: number
  readonly seed: number
  /** Before each line of progress. */
  readonly label: string | (() => string)
  readonly more?: Pick<TrainOptions, 'evaluate' | 'checkpoints'>
}

/** Trains a classifier as all of this example are trained: AdamW, a tenth of warm-up, linear decay, batches of like lengths. */
export const trainClassifier = ({
  engine,
  start,
  logits,
  rows,
  padTokenId,
  loss = crossEntropy,
  frozen = () => false,
  epochs,
  batchSize,
  learningRate,
  seed,
  label,
  more,
}: ClassifierTraining): Promise<TrainResult> =>
  train({
    engine,
    params: start,
    loss: (params, batch, ctx) => loss(logits(params, batch, ctx), parameter(batch, 'labels')),
    trainable: (name) => !frozen(name),
    optimizer: { kind: 'adamw', weightDecay: 0.01, maxGradNorm: 1, perParameter: noDecay() },
    learningRate,
    schedule: { kind: 'linear', warmupRatio: 0.1 },
    epochs,
    batches: tokenBatches(rows, { batchSize, seed, padTokenId }),
    callbacks: [progress({ label })],
    seed,
    ...more,
  })
