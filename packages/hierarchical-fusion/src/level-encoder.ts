import type { Context, Tensor, Tensors } from '@kic/engine'
import type { ParamSpec } from '@kic/nn'

export interface EncodeOptions {
  /** Prefix of the encoder's parameter names. */
  readonly prefix: string
  /** Which positions are wanted: every one, or the first alone. */
  readonly positions: 'first' | 'all'
}

/** What an encoder makes of a batch. A type alias, because `tf.tidy` takes no interface. */
export type Encoded = {
  /** Hidden states [B, S, H], or [B, 1, H] where only the first position is wanted. */
  readonly sequence: Tensor
  /** The n-gram part of each position's embedding, [B, S, H], of an encoder with n-grams; for heads that read it. */
  readonly ngrams?: Tensor | undefined
}

/** The encoder of one level of a hierarchy: any function from the feeds of a batch to hidden states. */
export interface LevelEncoder {
  /** What reports call the level, for example `division`. */
  readonly level: string
  /** H. */
  readonly hiddenSize: number
  /** The classes of the level, as far as they are known: what `above` is checked with. */
  readonly labels?: readonly string[] | undefined
  /** How many token ids it knows: fused encoders read the same ids. */
  readonly vocabularySize?: number | undefined
  /** Name of the LayerNorm weight that scales the hidden states, without the prefix: what `levelShares` reads. */
  readonly outputNorm?: string | undefined
  parameters(prefix: string): readonly ParamSpec[]
  encode(params: Tensors, feeds: Tensors, ctx: Context, options: EncodeOptions): Encoded
  /** The encoders that this one is fused from, if it is. */
  readonly fusedFrom?: { readonly previous: LevelEncoder; readonly present: LevelEncoder } | undefined
}
