import { KicError } from '@kic/core'
import type { Context, Tensor, Tensors } from '@kic/engine'
import { attentionBias } from '@kic/nn'
import * as tf from '@tensorflow/tfjs'
import { maxTokens, type RobertaConfig } from './config.ts'
import { robertaEmbeddings } from './embeddings.ts'
import { encoderLayer } from './encoder-layer.ts'
import type { RobertaErrorCode } from './error-code.ts'
import { DEFAULT_PREFIX, type PrefixOptions } from './parameters.ts'
import { positionIds } from './position-ids.ts'

/** What the encoder reads; all int32 [B, S]. */
export interface RobertaInputs {
  readonly inputIds: Tensor
  /** 1 for tokens, 0 for padding. Without it every position is attended to, padding included. */
  readonly attentionMask?: Tensor | undefined
  /** Default: all 0. */
  readonly tokenTypeIds?: Tensor | undefined
  /** Default: counted from the ids, as `positionIds` does. */
  readonly positionIds?: Tensor | undefined
}

export interface EncoderOptions extends PrefixOptions {
  /** Whether to return every layer's output; eager engines then hold them all. Default: no. */
  readonly hiddenStates?: boolean
  /**
   * Which positions of the last layer are wanted. With `first` that layer computes position 0 alone, which changes
   * nothing about its value. Default: `all`.
   */
  readonly positions?: 'first' | 'all'
  /** Whether to return the attention probabilities. Default: no. */
  readonly attentions?: boolean
}

export interface RobertaOutputs {
  /** [B, S, H], padding included; [B, 1, H] where only the first position was wanted. */
  readonly lastHiddenState: Tensor
  /** L + 1 of [B, S, H], if asked for: the embeddings, then every layer's output. */
  readonly hiddenStates: readonly Tensor[]
  /** L of [B, N, S, S], if asked for: attention probabilities, after dropout. */
  readonly attentions: readonly Tensor[]
}

/**
 * The RoBERTa encoder (Liu et al. 2019, arXiv:1907.11692), computing what transformers' `RobertaModel` computes.
 *
 * @throws KicError `roberta/input-ids`, `roberta/too-long`, `nn/missing-parameter`
 */
export const robertaEncoder = (
  params: Tensors,
  inputs: RobertaInputs,
  config: RobertaConfig,
  ctx: Context,
  options: EncoderOptions = {},
): RobertaOutputs => {
  checkInputs(inputs, config)
  const { prefix = DEFAULT_PREFIX } = options
  return tf.tidy(() => {
    const { inputIds, attentionMask, tokenTypeIds } = inputs
    const positions = inputs.positionIds ?? positionIds(inputIds, config.pad_token_id)
    const bias = attentionMask && attentionBias(attentionMask) // [B, 1, 1, S]
    let hidden = robertaEmbeddings(
      params,
      { inputIds, positionIds: positions, tokenTypeIds },
      config,
      ctx,
      prefix,
    )
    const hiddenStates = options.hiddenStates ? [hidden] : []
    const attentions: Tensor[] = []
    for (let layer = 0; layer < config.num_hidden_layers; layer++) {
      const queries =
        options.positions === 'first' && layer === config.num_hidden_layers - 1 ? 'first' : 'all'
      const output = encoderLayer(
        params,
        hidden,
        bias,
        config,
        ctx,
        `${prefix}encoder.layer.${layer}.`,
        queries,
      )
      hidden = output.hidden
      if (options.hiddenStates) hiddenStates.push(hidden)
      if (options.attentions) attentions.push(output.attention)
    }
    return { lastHiddenState: hidden, hiddenStates, attentions }
  })
}

const checkInputs = (inputs: RobertaInputs, config: RobertaConfig): void => {
  const { inputIds } = inputs
  if (inputIds.rank !== 2) {
    throw new KicError<RobertaErrorCode>(
      'roberta/input-ids',
      `robertaEncoder: input ids must be int32 [B, S], they are [${inputIds.shape}].`,
    )
  }
  for (const [name, tensor] of Object.entries(inputs)) {
    if (tensor !== undefined && `${tensor.shape}` !== `${inputIds.shape}`) {
      throw new KicError<RobertaErrorCode>(
        'roberta/input-ids',
        `robertaEncoder: ${name} must have the shape of the input ids, [${inputIds.shape}]; it is [${tensor.shape}].`,
      )
    }
  }
  const length = inputIds.shape[1] ?? 0
  if (inputs.positionIds === undefined && length > maxTokens(config)) {
    throw new KicError<RobertaErrorCode>(
      'roberta/too-long',
      `robertaEncoder: a batch of ${length} tokens a row, the model has positions for ${maxTokens(config)}. Truncate when tokenizing.`,
    )
  }
}
