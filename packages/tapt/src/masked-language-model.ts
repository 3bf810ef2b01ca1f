import type { Context, Scalar, Tensor, Tensors } from '@kic/engine'
import { crossEntropy } from '@kic/losses'
import { embedding, type ParamSpec, parameter } from '@kic/nn'
import {
  isFrozenByLora,
  type Lora,
  loraParameters,
  maskedLmHead,
  maskedLmParameters,
  type RobertaConfig,
  robertaEncoder,
  robertaInputs,
  robertaParameters,
} from '@kic/roberta'
import * as tf from '@tensorflow/tfjs'

/** RoBERTa with its masked-LM head, as a config, a list of parameters and pure functions. */
export interface MaskedLanguageModel {
  readonly config: RobertaConfig
  /** Encoder, then head, with the names of transformers' `RobertaForMaskedLM`. The decoder is the word embeddings. */
  readonly parameters: readonly ParamSpec[]
  /** Whether a parameter is frozen in training; absent if all are trained. */
  readonly frozen?: ((name: string) => boolean) | undefined
  /** Scores of the vocabulary at the masked places alone: feeds of `maskedBatch` → [M, V]. */
  logits(params: Tensors, feeds: Tensors, ctx: Context): Tensor
  /** Mean cross-entropy of the masked tokens, in nats; 0 without masked tokens. */
  loss(params: Tensors, feeds: Tensors, ctx: Context): Scalar
}

/**
 * A RoBERTa encoder that predicts masked tokens: transformers' `RobertaForMaskedLM`.
 *
 * @param lora of adapters beside the encoder's weights, which are then frozen; the head is trained. Default: none
 */
export const maskedLanguageModel = (
  config: RobertaConfig,
  { lora }: { readonly lora?: Lora | undefined } = {},
): MaskedLanguageModel => {
  const logits: MaskedLanguageModel['logits'] = (params, feeds, ctx) =>
    tf.tidy(() => {
      const { lastHiddenState } = robertaEncoder(params, robertaInputs(feeds), config, ctx, { lora }) // [B, S, H]
      const tokens = tf.reshape(lastHiddenState, [-1, config.hidden_size]) // [B · S, H]
      // `embedding` is a gather whose gradient every engine has.
      return maskedLmHead(params, embedding(tokens, parameter(feeds, 'masked_positions')), config) // [M, V]
    })
  return {
    config,
    parameters: [
      ...robertaParameters(config),
      ...(lora === undefined ? [] : loraParameters(lora, config)),
      ...maskedLmParameters(config),
    ],
    frozen: lora && ((name) => isFrozenByLora(name)),
    logits,
    loss: (params, feeds, ctx) =>
      tf.tidy(() => crossEntropy(logits(params, feeds, ctx), parameter(feeds, 'masked_labels'))),
  }
}
