import type { AdamW } from '@kic/engine'
import { combineSettings, type Interval, ngramTables, noDecay, type ScheduleConfig } from '@kic/trainer'
import type { MaskingOptions } from './mask-tokens.ts'

/** Pretraining settings as data. Spread a preset to change it: `{ ...publishedTapt, epochs: 10 }`. */
export interface TaptPreset extends MaskingOptions {
  readonly epochs: number
  /** Rows per micro-batch. */
  readonly batchSize: number
  /** Micro-batches per update. */
  readonly accumulation: number
  /** As in the trainer. `equal` is the rule of transformers before 4.46. */
  readonly accumulationMean: 'exact' | 'equal'
  readonly learningRate: number
  readonly schedule: ScheduleConfig
  readonly optimizer: AdamW
  readonly evaluateEvery: Interval
}

/** RoBERTa's Adam, without decay of biases and norms, and with clipped gradients, as in transformers' `Trainer`. */
const optimizer: AdamW = {
  kind: 'adamw',
  variant: 'huggingface',
  beta1: 0.9,
  beta2: 0.98,
  epsilon: 1e-6,
  weightDecay: 0.01,
  maxGradNorm: 1,
  perParameter: combineSettings(noDecay(), ngramTables()),
}

/**
 * The second-placed solution's `TaptCfg`: 90 epochs per run, several runs, 64 rows × 4, constant 1e-5. All other settings
 * are those of transformers 4.18's `Trainer`: its AdamW, gradients clipped at norm 1, the mean of micro-batches' means.
 */
export const publishedTapt: TaptPreset = {
  epochs: 90,
  batchSize: 64,
  accumulation: 4,
  accumulationMean: 'equal',
  learningRate: 1e-5,
  schedule: { kind: 'constant' },
  optimizer,
  evaluateEvery: { everyEpochs: 0.5 },
  probability: 0.15,
  wholeWord: false,
}

/**
 * Task-adaptive pretraining in Gururangan et al. 2020, "Don't Stop Pretraining" (arXiv:2004.10964), Table 13: 100 epochs,
 * 256 rows, 1e-4 with linear decay after 6 % of warm-up. In the table's "256 or 2058" and "0.0001 or 0.0005", the first
 * values are those of task-adaptive pretraining. The authors' repository has 16 rows × 16.
 */
export const gururangan2020: TaptPreset = {
  ...publishedTapt,
  epochs: 100,
  batchSize: 16,
  accumulation: 16,
  learningRate: 1e-4,
  schedule: { kind: 'linear', warmupRatio: 0.06 },
  evaluateEvery: { everyEpochs: 1 },
}

/** For a small encoder that is trained from scratch on two cores: many small updates at a high rate. */
export const fromScratchTapt: TaptPreset = {
  epochs: 10,
  batchSize: 64,
  accumulation: 1,
  accumulationMean: 'exact',
  learningRate: 1e-3,
  schedule: { kind: 'linear', warmupRatio: 0.06 },
  optimizer: { ...optimizer, variant: 'pytorch' },
  evaluateEvery: { everyEpochs: 1 },
  probability: 0.15,
  wholeWord: false,
}
