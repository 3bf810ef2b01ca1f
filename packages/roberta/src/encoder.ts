import { defined, KicError } from '@kic/core'
import type { Context, Tensor, Tensors } from '@kic/engine'
import { attentionBias } from '@kic/nn'
import * as tf from '@tensorflow/tfjs'
import { maxTokens, type RobertaConfig } from './config.ts'
import { robertaEmbeddings } from './embeddings.ts'
import { encoderLayer } from './encoder-layer.ts'
import type { RobertaErrorCode } from './error-code.ts'
import type { Lora } from './lora/lora.ts'
import { DEFAULT_PREFIX, type PrefixOptions } from './parameters.ts'
import { positionIds } from './position-ids.ts'

/** The inputs of the encoder; all int32 [B, S]. */
export interface RobertaInputs {
  readonly inputIds: Tensor
  /** 1 for tokens, 0 for padding. Without it, every position is attended to, including padding. */
  readonly attentionMask?: Tensor | undefined
  /** Default: all 0. */
  readonly tokenTypeIds?: Tensor | undefined
  /** Default: counted from the ids, as `positionIds` does. */
  readonly positionIds?: Tensor | undefined
}

export interface EncoderOptions extends PrefixOptions {
  /** Whether to return every layer's output; eager engines then hold them all. Default: no. */
  readonly hiddenStates?: boolean | undefined
  /**
   * The positions that the last layer computes. With `first` it computes only position 0, with the same value. Default:
   * `all`.
   */
  readonly positions?: 'first' | 'all' | undefined
  /** Whether to return the attention probabilities. Default: no. */
  readonly attentions?: boolean | undefined
  /** The adapters among the parameters, which `loraParameters` lists; default: none. */
  readonly lora?: Lora | undefined
}

export interface RobertaOutputs {
  /** [B, S, H], including padding; [B, 1, H] for the first position only. */
  readonly lastHiddenState: Tensor
  /** L + 1 of [B, S, H], if requested: the embeddings, then every layer's output. */
  readonly hiddenStates: readonly Tensor[]
  /** L of [B, N, S, S], if requested: attention probabilities after dropout. */
  readonly attentions: readonly Tensor[]
  /** The sum of the embeddings of the n-grams that begin at each position, [B, S, H], if the config has n-grams. */
  readonly ngrams: Tensor | undefined
}

/**
 * The RoBERTa encoder (Liu et al. 2019, arXiv:1907.11692), with the results of transformers' `RobertaModel`.
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
    const embedded = robertaEmbeddings(
      params,
      { inputIds, positionIds: positions, tokenTypeIds },
      config,
      ctx,
      prefix,
    )
    let { hidden } = embedded
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
        options.lora,
      )
      hidden = output.hidden
      if (options.hiddenStates) hiddenStates.push(hidden)
      if (options.attentions) attentions.push(output.attention)
    }
    return { lastHiddenState: hidden, hiddenStates, attentions, ngrams: embedded.ngrams }
  })
}

const checkInputs = (inputs: RobertaInputs, config: RobertaConfig): void => {
  const { inputIds } = inputs
  if (inputIds.rank !== 2) {
    throw new KicError<RobertaErrorCode>(
      'roberta/input-ids',
      `robertaEncoder: input ids must be int32 [B, S], received ${inputIds.dtype} [${inputIds.shape}]. Convert them.`,
    )
  }
  for (const [name, tensor] of Object.entries(inputs)) {
    if (tensor !== undefined && `${tensor.shape}` !== `${inputIds.shape}`) {
      throw new KicError<RobertaErrorCode>(
        'roberta/input-ids',
        `robertaEncoder: ${name} must have the shape of the input ids, [${inputIds.shape}], received [${tensor.shape}]. Reshape it.`,
      )
    }
  }
  const length = defined(inputIds.shape[1])
  if (inputs.positionIds === undefined && length > maxTokens(config)) {
    throw new KicError<RobertaErrorCode>(
      'roberta/too-long',
      `robertaEncoder: rows must have at most ${maxTokens(config)} tokens, the positions of the model, received ${length}. Truncate when tokenizing.`,
    )
  }
}
