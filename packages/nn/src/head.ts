import type { Context, Tensor, Tensors } from '@kic/engine'
import type { ParamSpec } from './param-spec.ts'

/** The output of an encoder, as a head receives it. */
export interface Features {
  /** Last hidden states, [B, S, H]. */
  readonly sequence: Tensor
  /** 1 for tokens, 0 for padding, int32 [B, S]. */
  readonly attentionMask: Tensor
  /** The n-gram part of each position's embedding, [B, S, H], of an encoder with n-grams. */
  readonly ngrams?: Tensor | undefined
}

/**
 * What a head may know about its encoder and its task. The keys are Hugging Face's, so a `config.json` can be used
 * directly.
 */
export interface HeadConfig {
  /** H. */
  readonly hidden_size: number
  readonly hidden_dropout_prob: number
  /** Dropout of the head; `null` means `hidden_dropout_prob`. */
  readonly classifier_dropout: number | null
  /** Standard deviation of fresh weights. */
  readonly initializer_range: number
  readonly layer_norm_eps: number
  /** One entry per class; its length is C. */
  readonly id2label: Readonly<Record<string, string>>
}

/**
 * The part of a model between encoder and logits: a list of parameters and one pure function.
 *
 * Options of a head (layers, padding rule) are arguments of the function that makes it. `C` is the part of the
 * encoder's config that it reads.
 */
export interface Head<C = HeadConfig> {
  readonly name: string
  /**
   * The positions that the head reads. With `first` the encoder may omit the others in its last layer, and passes on a
   * sequence of length 1. Default: `all`.
   */
  readonly reads?: 'first' | 'all' | undefined
  /** Whether the head reads `ngrams`, so that its encoder must have n-grams. Default: no. */
  readonly readsNgrams?: boolean | undefined
  parameters(config: C): readonly ParamSpec[]
  /** [B, S, H] and mask → logits [B, C]. */
  apply(params: Tensors, features: Features, config: C, ctx: Context): Tensor
}
