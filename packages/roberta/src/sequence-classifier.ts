import { KicError } from '@kic/core'
import type { Tensors } from '@kic/engine'
import type { Head, Model } from '@kic/nn'
import * as tf from '@tensorflow/tfjs'
import type { RobertaConfig } from './config.ts'
import { type RobertaInputs, robertaEncoder } from './encoder.ts'
import type { RobertaErrorCode } from './error-code.ts'
import type { Lora } from './lora/lora.ts'
import { isFrozenByLora, loraParameters } from './lora/lora-parameters.ts'
import { robertaParameters } from './parameters.ts'
import { standardHead } from './standard-head.ts'

/** RoBERTa with a head. Its parameters are those of the encoder, of adapters if it has them, then those of the head. */
export interface SequenceClassifier extends Model<RobertaConfig> {
  /** The head of its parameters; `savePretrained(folder, { ...model, params })` records it. */
  readonly head: Head<RobertaConfig>
}

export interface SequenceClassifierOptions {
  /** Adapters beside the encoder's weights, which are then frozen; the head is trained. Default: none. */
  readonly lora?: Lora | undefined
}

/**
 * RoBERTa with a head: by default transformers' `RobertaForSequenceClassification`.
 *
 * @throws KicError `roberta/no-ngrams` for a head that reads n-grams on an encoder without; `roberta/lora` for adapters that the
 *   encoder cannot have
 */
export const sequenceClassifier = (
  config: RobertaConfig,
  head: Head<RobertaConfig> = standardHead,
  { lora }: SequenceClassifierOptions = {},
): SequenceClassifier => {
  if (head.readsNgrams === true && config.ngram_sizes === undefined) {
    throw new KicError<RobertaErrorCode>(
      'roberta/no-ngrams',
      `sequenceClassifier: the head '${head.name}' needs an encoder with n-grams, received a config without ngram_sizes. Set it, or take another head.`,
    )
  }
  return {
    config,
    head,
    parameters: [
      ...robertaParameters(config),
      ...(lora === undefined ? [] : loraParameters(lora, config)),
      ...head.parameters(config),
    ],
    frozen: lora && ((name) => isFrozenByLora(name)),
    logits: (params, feeds, ctx) =>
      tf.tidy(() => {
        const inputs = robertaInputs(feeds)
        const { lastHiddenState: sequence, ngrams } = robertaEncoder(params, inputs, config, ctx, {
          positions: head.reads ?? 'all',
          lora,
        })
        const attentionMask = inputs.attentionMask ?? tf.onesLike(inputs.inputIds)
        return head.apply(params, { sequence, attentionMask, ngrams }, config, ctx)
      }),
  }
}

/**
 * The encoder's inputs among the feeds of a batch, by their Hugging Face names; other feeds are ignored.
 *
 * @throws KicError `roberta/input-ids` without `input_ids`
 */
export const robertaInputs = (feeds: Tensors): RobertaInputs => {
  const inputIds = feeds.input_ids
  if (inputIds === undefined) {
    throw new KicError<RobertaErrorCode>(
      'roberta/input-ids',
      `robertaInputs: the batch must have input_ids, received ${Object.keys(feeds).join(', ') || 'nothing'}. Add them.`,
    )
  }
  return {
    inputIds,
    attentionMask: feeds.attention_mask,
    tokenTypeIds: feeds.token_type_ids,
    positionIds: feeds.position_ids,
  }
}
