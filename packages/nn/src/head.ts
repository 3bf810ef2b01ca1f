import type { Context, Tensors } from '@kic/engine'
import type { Tensor } from '@tensorflow/tfjs'
import type { ParamSpec } from './param-spec.ts'

/** What an encoder hands to a head. */
export interface Features {
  /** Last hidden states, [B, S, H]. */
  readonly sequence: Tensor
  /** 1 for tokens, 0 for padding, int32 [B, S]. */
  readonly attentionMask: Tensor
}

/** What stands between an encoder and the logits: a list of parameters and one pure function. */
export interface Head<C> {
  readonly name: string
  parameters(config: C): readonly ParamSpec[]
  /** [B, S, H] and mask → logits [B, C]. */
  apply(params: Tensors, features: Features, config: C, ctx: Context): Tensor
}
