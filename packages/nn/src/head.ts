import type { Context, Tensor, Tensors } from '@kic/engine'
import type { ParamSpec } from './param-spec.ts'

/** What an encoder hands to a head. */
export interface Features {
  /** Last hidden states, [B, S, H]. */
  readonly sequence: Tensor
  /** 1 for tokens, 0 for padding, int32 [B, S]. */
  readonly attentionMask: Tensor
}

/** What a head may know of its encoder and its task. The keys are Hugging Face's, so that a `config.json` fits as it is. */
export interface HeadConfig {
  /** H. */
  readonly hidden_size: number
  readonly hidden_dropout_prob: number
  /** Dropout of the head; `null` means `hidden_dropout_prob`. */
  readonly classifier_dropout: number | null
  /** Standard deviation of fresh weights. */
  readonly initializer_range: number
  readonly layer_norm_eps: number
  /** One entry a class; its length is C. */
  readonly id2label: Readonly<Record<string, string>>
}

/**
 * What stands between an encoder and the logits: a list of parameters and one pure function.
 *
 * Options of a head (layers, padding rule) are arguments of the function that makes it; `C` is what it reads of the
 * encoder's config.
 */
export interface Head<C = HeadConfig> {
  readonly name: string
  /**
   * Which positions the head reads. With `first` the encoder may leave the others out of its last layer, and hands over
   * a sequence of length 1. Default: `all`.
   */
  readonly reads?: 'first' | 'all'
  parameters(config: C): readonly ParamSpec[]
  /** [B, S, H] and mask → logits [B, C]. */
  apply(params: Tensors, features: Features, config: C, ctx: Context): Tensor
}
