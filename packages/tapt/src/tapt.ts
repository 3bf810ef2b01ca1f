import { KicError } from '@kic/core'
import { defaultPreparation, prepareText, type TextPreparation } from '@kic/data/prepare'
import type { Engine } from '@kic/engine'
import { initializeFrom } from '@kic/nn'
import { DEFAULT_PREFIX, encoderTensors, maxTokens, type RobertaConfig } from '@kic/roberta'
import type { HostTensors } from '@kic/safetensors'
import { encodeUnpadded, type Tokenizer, tokenLimit } from '@kic/tokenizer'
import {
  type CheckpointOptions,
  type EpochRecord,
  plannedBatches,
  type StopReason,
  type TrainCallbacks,
  train,
} from '@kic/trainer'
import type { TaptErrorCode } from './error-code.ts'
import { type HeldOutScores, heldOutPerplexity } from './held-out-perplexity.ts'
import { maskableRows } from './mask-tokens.ts'
import { maskedBatch } from './masked-batch.ts'
import { maskedLanguageModel } from './masked-language-model.ts'
import { type MaskingVocabulary, maskingVocabulary } from './masking-vocabulary.ts'
import { publishedTapt, type TaptPreset } from './presets.ts'

export interface TaptOptions {
  readonly engine: Engine
  readonly config: RobertaConfig
  readonly tokenizer: Tokenizer
  /** What to learn from. */
  readonly texts: readonly string[]
  /** What to measure perplexity on; without it nothing is measured. */
  readonly heldOut?: readonly string[]
  /** How texts are prepared before they are tokenized; default: the same as everywhere. Save it with the encoder. */
  readonly preparation?: TextPreparation | undefined
  /** What to begin with: any model's parameters that hold a whole encoder. Without it, from scratch. */
  readonly checkpoint?: HostTensors
  /** Default: the published one. */
  readonly preset?: TaptPreset
  /** Longest row, special tokens included; default: what model and tokenizer allow. */
  readonly maxLength?: number
  /** What to do about texts without a token to mask: an error (default), or leave them out and say which. */
  readonly unmaskable?: 'refuse' | 'leave-out'
  /**
   * Where the run is kept. With `resume` a run that was killed goes on, and so does one that had ended, where the preset
   * now has more epochs; with a constant rate that equals one long run, bit for bit.
   */
  readonly checkpoints?: CheckpointOptions
  readonly callbacks?: readonly TrainCallbacks[]
  readonly signal?: AbortSignal
  readonly seed: number
}

/** Held-out scores after so many updates and epochs. */
export interface TaptEvaluation extends HeldOutScores {
  readonly step: number
  readonly epoch: number
}

export interface TaptResult {
  /** Encoder and masked-LM head, as `RobertaForMaskedLM` of transformers names them. */
  readonly params: HostTensors
  /** The encoder alone: what a classifier begins with. */
  readonly encoder: HostTensors
  /** Parameters that no checkpoint held: all, from scratch. */
  readonly fresh: readonly string[]
  /** Numbers of texts that were left out. */
  readonly leftOut: readonly number[]
  /** Held-out scores, those of the beginning (epoch 0) first; a resumed run includes those before. */
  readonly evaluations: readonly TaptEvaluation[]
  readonly epochs: readonly EpochRecord[]
  readonly steps: number
  readonly stopped: StopReason
}

/**
 * Task-adaptive pretraining (Gururangan et al. 2020, arXiv:2004.10964): goes on guessing hidden tokens on the task's own
 * text, or begins with nothing.
 *
 * @throws KicError `tapt/no-texts`, `tapt/nothing-to-mask`, `tapt/incomplete-checkpoint`, `tapt/vocabulary`,
 *   `nn/parameter-shape`, and what `train` throws.
 */
export const tapt = async (options: TaptOptions): Promise<TaptResult> => {
  const { engine, config, tokenizer, checkpoint = {}, preset = publishedTapt, seed } = options
  const vocabulary = maskingVocabulary(tokenizer)
  checkVocabulary(config, tokenizer)
  const model = maskedLanguageModel(config)
  const { params, fresh } = initializeFrom(model.parameters, checkpoint, seed)
  checkWhole(fresh, checkpoint)
  const texts = tokenized('texts', options.texts, vocabulary, options)
  const heldOut = options.heldOut && tokenized('heldOut', options.heldOut, vocabulary, options)
  const scores =
    heldOut &&
    heldOutPerplexity({
      ...preset,
      engine,
      model,
      rows: heldOut.rows,
      vocabulary,
      seed,
    })
  try {
    const before = scores && (await scoresOf(engine, params, scores))
    const result = await train({
      engine,
      params,
      loss: model.loss,
      seed,
      epochs: preset.epochs,
      learningRate: preset.learningRate,
      schedule: preset.schedule,
      optimizer: preset.optimizer,
      accumulation: preset.accumulation,
      accumulationMean: preset.accumulationMean,
      batches: plannedBatches(
        { lengths: texts.rows.map((row) => row.length), batchSize: preset.batchSize, seed },
        (planned, { epoch }) => maskedBatch(texts.rows, planned, vocabulary, { seed, epoch }, preset),
      ),
      ...(scores && {
        evaluate: {
          every: preset.evaluateEvery,
          run: async (trained) => ({ ...(await scores(trained)) }),
        },
      }),
      ...(options.checkpoints && { checkpoints: options.checkpoints }),
      ...(options.callbacks && { callbacks: options.callbacks }),
      ...(options.signal && { signal: options.signal }),
    })
    const trained = await result.params.read()
    result.params.dispose()
    const later = result.evaluations.map(
      ({ step, epoch, metrics: { loss = Number.NaN, perplexity = Number.NaN, accuracy = Number.NaN } }) => ({
        step,
        epoch,
        loss,
        perplexity,
        accuracy,
      }),
    )
    return {
      params: trained,
      encoder: encoderTensors(trained),
      fresh,
      leftOut: texts.leftOut,
      evaluations: before === undefined ? later : [{ step: 0, epoch: 0, ...before }, ...later],
      epochs: result.epochs,
      steps: result.steps,
      stopped: result.stopped,
    }
  } finally {
    scores?.dispose()
  }
}

const scoresOf = async (
  engine: Engine,
  params: HostTensors,
  scores: ReturnType<typeof heldOutPerplexity>,
): Promise<HeldOutScores> => {
  const placed = engine.place(params)
  try {
    return await scores(placed)
  } finally {
    placed.dispose()
  }
}

const tokenized = (
  what: string,
  texts: readonly string[],
  vocabulary: MaskingVocabulary,
  {
    tokenizer,
    config,
    preparation = defaultPreparation,
    maxLength = tokenLimit(tokenizer, maxTokens(config)),
    unmaskable = 'refuse',
  }: TaptOptions,
): { rows: readonly Int32Array[]; leftOut: readonly number[] } => {
  const prepared = texts.map((text) => prepareText(text, preparation))
  const { inputIds } = encodeUnpadded(tokenizer, prepared, { maxLength, typeVocabSize: 1 })
  const kept = maskableRows(inputIds, vocabulary)
  const known = new Set(kept)
  const leftOut = inputIds.flatMap((_, row) => (known.has(row) ? [] : [row]))
  const [first] = leftOut
  if (first !== undefined && unmaskable === 'refuse') {
    throw new KicError<TaptErrorCode>(
      'tapt/nothing-to-mask',
      `tapt: ${leftOut.length} of ${texts.length} ${what} have no token to mask, the first is number ${first}: ` +
        `${JSON.stringify(texts[first])}. Remove them, or set unmaskable: 'leave-out'.`,
    )
  }
  if (kept.length === 0) {
    throw new KicError<TaptErrorCode>(
      'tapt/no-texts',
      `tapt: ${what} holds no text to learn from, of ${texts.length}.`,
    )
  }
  return { rows: kept.flatMap((row) => inputIds[row] ?? []), leftOut }
}

/** A checkpoint may lack the masked-LM head, but not a part of the encoder. */
const checkWhole = (fresh: readonly string[], checkpoint: HostTensors): void => {
  const given = Object.keys(checkpoint).length
  const absent = fresh.filter((name) => name.startsWith(DEFAULT_PREFIX))
  if (given === 0 || absent.length === 0) return
  throw new KicError<TaptErrorCode>(
    'tapt/incomplete-checkpoint',
    `tapt: of ${given} tensors given, none is the encoder's '${absent[0]}', and ${absent.length - 1} more are missing. Give a whole encoder, or none to begin from scratch.`,
  )
}

const checkVocabulary = (config: RobertaConfig, { vocabSize, specialTokens }: Tokenizer): void => {
  if (config.vocab_size >= vocabSize && config.pad_token_id === specialTokens.pad.id) return
  throw new KicError<TaptErrorCode>(
    'tapt/vocabulary',
    `tapt: the tokenizer has ${vocabSize} tokens and padding ${specialTokens.pad.id}, the config ${config.vocab_size} and ${config.pad_token_id}. Give the tokenizer that belongs to the model.`,
  )
}
