import type { Context, Scalar, Tensor, Tensors } from '@kic/engine'
import { crossEntropy } from '@kic/losses'
import { embedding, type ParamSpec, parameter } from '@kic/nn'
import {
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
  /** Scores of the vocabulary at the masked places alone: feeds of `maskedBatch` → [M, V]. */
  logits(params: Tensors, feeds: Tensors, ctx: Context): Tensor
  /** Mean cross-entropy of the masked tokens, in nats; 0 without masked tokens. */
  loss(params: Tensors, feeds: Tensors, ctx: Context): Scalar
}

/** A RoBERTa encoder that predicts masked tokens: transformers' `RobertaForMaskedLM`. */
export const maskedLanguageModel = (config: RobertaConfig): MaskedLanguageModel => {
  const logits: MaskedLanguageModel['logits'] = (params, feeds, ctx) =>
    tf.tidy(() => {
      const { lastHiddenState } = robertaEncoder(params, robertaInputs(feeds), config, ctx) // [B, S, H]
      const tokens = tf.reshape(lastHiddenState, [-1, config.hidden_size]) // [B · S, H]
      // `embedding` is a gather whose gradient every engine has.
      return maskedLmHead(params, embedding(tokens, parameter(feeds, 'masked_positions')), config) // [M, V]
    })
  return {
    config,
    parameters: [...robertaParameters(config), ...maskedLmParameters(config)],
    logits,
    loss: (params, feeds, ctx) =>
      tf.tidy(() => crossEntropy(logits(params, feeds, ctx), parameter(feeds, 'masked_labels'))),
  }
}
