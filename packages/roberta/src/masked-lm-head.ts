import type { Tensor, Tensors } from '@kic/engine'
import {
  gelu,
  layerNorm,
  layerNormParameters,
  linear,
  linearParameters,
  type ParamSpec,
  parameter,
} from '@kic/nn'
import * as tf from '@tensorflow/tfjs'
import type { RobertaConfig } from './config.ts'
import { DEFAULT_PREFIX, type PrefixOptions } from './parameters.ts'

/** The head's own parameters. Its decoder is the table of word embeddings, which the encoder lists. */
export const maskedLmParameters = (config: RobertaConfig): ParamSpec[] => [
  { name: 'lm_head.bias', shape: [config.vocab_size], init: { kind: 'constant', value: 0 } },
  ...linearParameters('lm_head.dense', config.hidden_size, config.hidden_size, {
    kind: 'normal',
    std: config.initializer_range,
  }),
  ...layerNormParameters('lm_head.layer_norm', config.hidden_size),
]

/**
 * Scores of every token of the vocabulary: hidden states [..., H] → logits [..., V].
 *
 * `RobertaLMHead` of transformers' modeling_roberta.py, its decoder tied to the word embeddings. Give it only the
 * positions that a loss needs: the projection to V costs more than the rest of the head.
 *
 * @throws KicError `nn/missing-parameter`
 */
export const maskedLmHead = (
  params: Tensors,
  hidden: Tensor,
  config: RobertaConfig,
  { prefix = DEFAULT_PREFIX }: PrefixOptions = {},
): Tensor =>
  tf.tidy(() => {
    const weight = (name: string): Tensor => parameter(params, `lm_head.${name}`)
    const dense = gelu(linear(hidden, weight('dense.weight'), weight('dense.bias')))
    const normalized = layerNorm(
      dense,
      weight('layer_norm.weight'),
      weight('layer_norm.bias'),
      config.layer_norm_eps,
    )
    return linear(normalized, parameter(params, `${prefix}embeddings.word_embeddings.weight`), weight('bias'))
  })
