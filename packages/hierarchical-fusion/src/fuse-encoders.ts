import type { Tensor } from '@kic/engine'
import { type Context, inferenceContext, type Tensors } from '@kic/engine'
import { layerNorm, layerNormParameters, linear, linearParameters, parameter } from '@kic/nn'
import * as tf from '@tensorflow/tfjs'
import { checkEncoders } from './check-levels.ts'
import type { EncodeOptions, LevelEncoder } from './level-encoder.ts'

/** Prefix of the previous level's parameters, all of them frozen. */
export const PREVIOUS = 'model_first.'
/** Prefix of the present level's encoder. */
export const PRESENT = 'model.'
/** `torch.nn.LayerNorm`'s default, which the published model leaves as it is whatever the encoder's. */
const EPSILON = 1e-5

export interface FuseOptions {
  /**
   * Dropout of the frozen encoder while training. `none` (default): it answers as it will when it predicts.
   * `as-published`: it drops out like the present one, since the published model never switches it to evaluation.
   */
  readonly frozenDropout?: 'none' | 'as-published' | undefined
  /** Whether to map the previous level's states to the present hidden size, where they differ; default no. */
  readonly projection?: boolean | undefined
}

/**
 * Every step of the fusion, [B, S, H] each; [B, 1, H] where only the first position was wanted. A type alias, because `tf.tidy`
 * takes no interface.
 */
export type FusedSequences = {
  /** What the frozen encoder says. */
  readonly previous: Tensor
  /** The same after LayerNorm: what is added. */
  readonly normalized: Tensor
  /** What the present encoder says. */
  readonly present: Tensor
  readonly fused: Tensor
  /** The present encoder's n-grams, [B, S, H], if it has any. */
  readonly ngrams: Tensor | undefined
}

export interface FusedEncoder extends LevelEncoder {
  sequences(params: Tensors, feeds: Tensors, ctx: Context, options: EncodeOptions): FusedSequences
}

/**
 * `present + LayerNorm(previous)`, as an encoder of its own: its parameters are `model_first.*`, `model.*`, `norm.*` and,
 * with a projection, `projection.*`.
 *
 * @throws KicError `hierarchical-fusion/hidden-size`, `hierarchical-fusion/vocabulary`
 */
export const fuseEncoders = (
  previous: LevelEncoder,
  present: LevelEncoder,
  { frozenDropout = 'none', projection = false }: FuseOptions = {},
): FusedEncoder => {
  checkEncoders(previous, present, projection)
  const uniform = { kind: 'uniform', bound: 1 / Math.sqrt(previous.hiddenSize) } as const
  const sequences: FusedEncoder['sequences'] = (params, feeds, ctx, { prefix, positions }) =>
    tf.tidy(() => {
      const weight = (name: string): Tensor => parameter(params, prefix + name)
      const frozenContext = frozenDropout === 'as-published' ? ctx : inferenceContext
      const frozen = { prefix: prefix + PREVIOUS, positions }
      const { sequence: before } = previous.encode(params, feeds, frozenContext, frozen)
      const sized = projection
        ? linear(before, weight('projection.weight'), weight('projection.bias'))
        : before
      const normalized = layerNorm(sized, weight('norm.weight'), weight('norm.bias'), EPSILON)
      const trained = { prefix: prefix + PRESENT, positions }
      const { sequence: now, ngrams } = present.encode(params, feeds, ctx, trained)
      return { previous: before, normalized, present: now, fused: tf.add(now, normalized), ngrams }
    })
  const { level, hiddenSize, labels, vocabularySize } = present
  return {
    level,
    hiddenSize,
    labels,
    vocabularySize,
    fusedFrom: { previous, present },
    parameters: (prefix) => [
      ...previous.parameters(prefix + PREVIOUS),
      ...present.parameters(prefix + PRESENT),
      ...(projection
        ? linearParameters(`${prefix}projection`, hiddenSize, previous.hiddenSize, uniform, uniform)
        : []),
      ...layerNormParameters(`${prefix}norm`, hiddenSize),
    ],
    encode: (params, feeds, ctx, options) =>
      tf.tidy(() => {
        const { fused, ngrams } = sequences(params, feeds, ctx, options)
        return { sequence: fused, ngrams }
      }),
    sequences,
  }
}
