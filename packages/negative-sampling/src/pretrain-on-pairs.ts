import type { TextPreparation } from '@kic/data/prepare'
import type { Engine } from '@kic/engine'
import { type Head, initializeFrom } from '@kic/nn'
import { encoderTensors, maxTokens, type RobertaConfig } from '@kic/roberta'
import type { HostTensors } from '@kic/safetensors'
import { accuracy } from '@kic/scores'
import { type Tokenizer, tokenLimit } from '@kic/tokenizer'
import {
  type CheckpointOptions,
  combineSettings,
  createPredictor,
  type EvaluationRecord,
  ngramTables,
  noDecay,
  type StopReason,
  type TrainCallbacks,
  type TrainOptions,
  train,
} from '@kic/trainer'
import { checkedNames } from './label-names.ts'
import type { NegativeSource } from './negative-source.ts'
import { encodePairs, pairBatches } from './pair-batches.ts'
import { type PairClassifier, pairClassifier } from './pair-classifier.ts'
import { samplePairs } from './sample-pairs.ts'

/** Texts and their class numbers. */
export interface LabelledTexts {
  readonly texts: readonly string[]
  readonly labels: ArrayLike<number>
}

export interface PretrainOnPairsOptions {
  readonly engine: Engine
  /** The encoder's config. */
  readonly config: RobertaConfig
  readonly tokenizer: Tokenizer
  /** Initial parameters with an encoder; as published, the model of `@kic/tapt`. Default: trained from scratch. */
  readonly checkpoint?: HostTensors | undefined
  readonly rows: LabelledTexts
  /** Rows for measuring accuracy, with negatives of the same kind, drawn once. Without them, nothing is measured. */
  readonly heldOut?: LabelledTexts | undefined
  /** Name of each class; `labelNames` returns those of a classification. */
  readonly names: readonly string[]
  readonly negatives: NegativeSource
  /** Preparation of texts and names before tokenizing; default: the usual one. Save it with the encoder. */
  readonly preparation?: TextPreparation | undefined
  /** Negatives for each positive; default 1. */
  readonly ratio?: number | undefined
  /** Default: RoBERTa's. */
  readonly head?: Head<RobertaConfig> | undefined
  /** Longest pair, including special tokens; default: the limit of model and tokenizer. */
  readonly maxLength?: number | undefined
  /** Default 64. */
  readonly batchSize?: number | undefined
  /** Batches per update; default 1. */
  readonly accumulation?: number | undefined
  readonly epochs: number
  readonly learningRate: number
  /** Default: AdamW with decay 0.01 on weights, gradients clipped at norm 1. */
  readonly optimizer?: TrainOptions['optimizer'] | undefined
  /** Default: linear decay after 10 % of warm-up. */
  readonly schedule?: TrainOptions['schedule'] | undefined
  readonly checkpoints?: CheckpointOptions | undefined
  readonly callbacks?: readonly TrainCallbacks[] | undefined
  readonly signal?: AbortSignal | undefined
  readonly seed: number
}

export interface PairPretraining {
  readonly model: PairClassifier
  /** Encoder and binary head. */
  readonly params: HostTensors
  /** The encoder alone, from which a classifier starts. */
  readonly encoder: HostTensors
  /** Parameters without a value in the checkpoint. */
  readonly fresh: readonly string[]
  readonly evaluations: readonly EvaluationRecord[]
  readonly steps: number
  readonly stopped: StopReason
}

/**
 * Trains an encoder to predict whether a class name belongs to a text. Fine-tuning then starts from it: the second-placed
 * solution's "negative sampling".
 *
 * @throws KicError `negative-sampling/…`, `nn/parameter-shape`, and as `train`
 */
export const pretrainOnPairs = async (options: PretrainOnPairsOptions): Promise<PairPretraining> => {
  const { engine, config, tokenizer, rows, heldOut, checkpoint = {}, batchSize = 64, seed } = options
  const names = checkedNames('pretrainOnPairs', options.names)
  const model = pairClassifier(config, options.head)
  const { params, fresh } = initializeFrom(model.parameters, encoderTensors(checkpoint), seed)
  const encoding = {
    tokenizer,
    maxLength: options.maxLength ?? tokenLimit(tokenizer, maxTokens(config)),
    typeVocabSize: config.type_vocab_size,
    preparation: options.preparation,
  }
  const padTokenId = tokenizer.specialTokens.pad.id
  const predictor = createPredictor({ engine, forward: model.logits, padTokenId, batchSize })
  const judged =
    heldOut && samplePairs({ ...options, labels: heldOut.labels, classes: names.length, epoch: -1 })
  const judgedRows = heldOut && judged && encodePairs(heldOut.texts, names, judged, encoding)
  try {
    const result = await train({
      engine,
      params,
      loss: model.loss,
      seed,
      epochs: options.epochs,
      learningRate: options.learningRate,
      accumulation: options.accumulation,
      optimizer: options.optimizer ?? {
        kind: 'adamw',
        weightDecay: 0.01,
        maxGradNorm: 1,
        perParameter: combineSettings(noDecay(), ngramTables()),
      },
      schedule: options.schedule ?? { kind: 'linear', warmupRatio: 0.1 },
      batches: pairBatches({ ...options, ...rows, ...encoding, batchSize }),
      evaluate: judged &&
        judgedRows && {
          run: async (trained) => ({
            accuracy: accuracy((await predictor(trained, judgedRows)).labels(), judged.matches),
          }),
        },
      checkpoints: options.checkpoints,
      callbacks: options.callbacks,
      signal: options.signal,
    })
    const trained = await result.params.read()
    result.params.dispose()
    const { evaluations, steps, stopped } = result
    return { model, params: trained, encoder: encoderTensors(trained), fresh, evaluations, steps, stopped }
  } finally {
    predictor.dispose()
  }
}
