import { defined, KicError } from '@kic/core'
import { defaultPreparation, prepareText, type TextPreparation } from '@kic/data/prepare'
import type { Engine } from '@kic/engine'
import { initializeFrom } from '@kic/nn'
import {
  DEFAULT_PREFIX,
  encoderTensors,
  isAdapter,
  type Lora,
  maxTokens,
  mergeLora,
  type RobertaConfig,
} from '@kic/roberta'
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
  /** Training texts. */
  readonly texts: readonly string[]
  /** Texts for measuring perplexity; without them, nothing is measured. */
  readonly heldOut?: readonly string[] | undefined
  /** Preparation of texts before tokenizing; default: the usual one. Save it with the encoder. */
  readonly preparation?: TextPreparation | undefined
  /** Initial parameters: those of any model with a complete encoder. Default: trained from scratch. */
  readonly checkpoint?: HostTensors | undefined
  /** Trains adapters beside the checkpoint's encoder instead of it; the result has them merged. Default: none. */
  readonly lora?: Lora | undefined
  /** Default: `publishedTapt`. */
  readonly preset?: TaptPreset | undefined
  /** Longest row, including special tokens; default: the limit of model and tokenizer. */
  readonly maxLength?: number | undefined
  /** Treatment of texts without a token to mask: an error (default), or `leftOut` lists them. */
  readonly unmaskable?: 'refuse' | 'leave-out' | undefined
  /**
   * Storage of the run. With `resume`, a killed run resumes, and also a finished run if the preset now has more epochs. With
   * a constant rate, this equals one long run, bit for bit.
   */
  readonly checkpoints?: CheckpointOptions | undefined
  readonly callbacks?: readonly TrainCallbacks[] | undefined
  readonly signal?: AbortSignal | undefined
  readonly seed: number
}

/** Held-out scores after a number of updates and epochs. */
export interface TaptEvaluation extends HeldOutScores {
  readonly step: number
  readonly epoch: number
}

export interface TaptResult {
  /** Encoder and masked-LM head, with the names of transformers' `RobertaForMaskedLM`. */
  readonly params: HostTensors
  /** The encoder alone, from which a classifier starts. */
  readonly encoder: HostTensors
  /** Parameters without a value in the checkpoint; all of them without a checkpoint. */
  readonly fresh: readonly string[]
  /** Numbers of the texts that are left out. */
  readonly leftOut: readonly number[]
  /** Held-out scores, the initial ones (epoch 0) first. A resumed run includes the earlier ones. */
  readonly evaluations: readonly TaptEvaluation[]
  readonly epochs: readonly EpochRecord[]
  readonly steps: number
  readonly stopped: StopReason
}

/**
 * Task-adaptive pretraining (Gururangan et al. 2020, arXiv:2004.10964): trains an encoder to predict masked tokens of the
 * task's own texts, from pretrained weights or from scratch.
 *
 * @throws KicError `tapt/no-texts`, `tapt/nothing-to-mask`, `tapt/incomplete-checkpoint`, `tapt/vocabulary`,
 *   `nn/parameter-shape`, and as `train`
 */
export const tapt = async (options: TaptOptions): Promise<TaptResult> => {
  const { engine, config, tokenizer, checkpoint = {}, preset = publishedTapt, seed, lora } = options
  const vocabulary = maskingVocabulary(tokenizer)
  checkVocabulary(config, tokenizer)
  const model = maskedLanguageModel(config, { lora })
  const { params, fresh: drawn } = initializeFrom(model.parameters, checkpoint, seed)
  const fresh = drawn.filter((name) => !isAdapter(name))
  checkWhole(fresh, checkpoint, lora)
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
      trainable: (name) => model.frozen?.(name) !== true,
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
      evaluate: scores && {
        every: preset.evaluateEvery,
        run: async (trained) => ({ ...(await scores(trained)) }),
      },
      checkpoints: options.checkpoints,
      callbacks: options.callbacks,
      signal: options.signal,
    })
    const values = await result.params.read()
    const trained = lora === undefined ? values : mergeLora(values, lora)
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
      `tapt: every text must have a token to mask, received ${leftOut.length} of ${texts.length} ${what} without one, the first is ` +
        `number ${first}: ${JSON.stringify(texts[first])}. Remove them, or set unmaskable: 'leave-out'.`,
    )
  }
  if (kept.length === 0) {
    throw new KicError<TaptErrorCode>(
      'tapt/no-texts',
      `tapt: ${what} must have a text with a token to mask, received none in ${texts.length}. Pass more texts.`,
    )
  }
  return { rows: kept.flatMap((row) => defined(inputIds[row])), leftOut }
}

/** A checkpoint may lack the masked-LM head, but not a part of the encoder. */
const checkWhole = (fresh: readonly string[], checkpoint: HostTensors, lora: Lora | undefined): void => {
  const given = Object.keys(checkpoint).length
  const absent = fresh.filter((name) => name.startsWith(DEFAULT_PREFIX))
  // Adapters beside random weights would learn nothing.
  if (absent.length === 0 || (given === 0 && lora === undefined)) return
  throw new KicError<TaptErrorCode>(
    'tapt/incomplete-checkpoint',
    `tapt: checkpoint must have the whole encoder, received ${given} tensors without '${absent[0]}' and ${absent.length - 1} more. Pass a whole encoder, or none to train from scratch, without lora.`,
  )
}

const checkVocabulary = (config: RobertaConfig, { vocabSize, specialTokens }: Tokenizer): void => {
  if (config.vocab_size >= vocabSize && config.pad_token_id === specialTokens.pad.id) return
  throw new KicError<TaptErrorCode>(
    'tapt/vocabulary',
    `tapt: the tokenizer must fit the config's ${config.vocab_size} tokens and padding ${config.pad_token_id}, received ${vocabSize} and ${specialTokens.pad.id}. Use the tokenizer of the model.`,
  )
}
