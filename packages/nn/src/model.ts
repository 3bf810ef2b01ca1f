import type { Context, Tensor, Tensors } from '@kic/engine'
import type { HeadConfig } from './head.ts'
import type { ParamSpec } from './param-spec.ts'

/** A classifier as a config, a list of parameters and one pure function, for training, prediction and export. */
export interface Model<C extends HeadConfig = HeadConfig> {
  readonly config: C
  /** Named as in a Hugging Face checkpoint. */
  readonly parameters: readonly ParamSpec[]
  /** Whether a parameter is frozen in training; absent if all are trained. */
  readonly frozen?: ((name: string) => boolean) | undefined
  /**
   * Logits [B, C] of feeds with Hugging Face's names: `input_ids`, and optionally `attention_mask`, `token_type_ids`,
   * `position_ids`, all int32 [B, S].
   */
  logits(params: Tensors, feeds: Tensors, ctx: Context): Tensor
}
