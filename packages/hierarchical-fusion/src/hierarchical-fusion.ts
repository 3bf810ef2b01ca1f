import type { AncestorLevel } from '@kic/classification'
import { KicError } from '@kic/core'
import type { Context, Tensor, Tensors } from '@kic/engine'
import { type Head, type HeadConfig, type Model, type ParamSpec, parameter } from '@kic/nn'
import { standardHead } from '@kic/roberta'
import * as tf from '@tensorflow/tfjs'
import { checkLabels } from './check-levels.ts'
import type { HierarchicalFusionErrorCode } from './error-code.ts'
import { type FusedEncoder, type FuseOptions, fuseEncoders, PREVIOUS } from './fuse-encoders.ts'
import type { LevelEncoder } from './level-encoder.ts'

export interface HierarchicalFusionOptions<C extends HeadConfig> extends FuseOptions {
  /** The present level's: its hidden size and classes are what the head reads. */
  readonly config: C
  /** The encoder of the coarser level, to be frozen: `robertaLevel`, another fused model's `encoder`, or one's own. */
  readonly previous: LevelEncoder
  /** The encoder of this level, to be trained. */
  readonly present: LevelEncoder
  /** Default: the standard classification head. */
  readonly head?: Head<C> | undefined
  /**
   * The previous level, seen from the classes of the present one, as `ancestorLevels` of `@kic/classification` gives it.
   * Where given, every class of `present` must belong to a class of `previous`.
   */
  readonly above?: AncestorLevel | undefined
}

/**
 * A classifier that sees what a frozen encoder of the coarser level thinks of the text. Its parameters are `model_first.*`,
 * `model.*`, `norm.*`, then the head's: below `head.` where its names would be the encoder's.
 */
export interface FusedClassifier<C extends HeadConfig = HeadConfig> extends Model<C> {
  /** The fused encoder without the head: the previous level of the next finer model. */
  readonly encoder: FusedEncoder
  /** Whether the parameter belongs to the previous level. Train with `trainable: (name) => !model.frozen(name)`. */
  readonly frozen: (name: string) => boolean
  /**
   * How much of what tells the texts of a batch apart comes from each level, two scalars: the standard deviation over
   * the texts, root mean square over features, of `LayerNorm(previous)` and of the present states, at the positions
   * that the head reads. The share of the previous level is `previous / (previous + present)`.
   */
  contributions(params: Tensors, feeds: Tensors, ctx: Context): { previous: Tensor; present: Tensor }
}

/**
 * Hierarchical fusion: `sequence = present + LayerNorm(previous)`, then a head. The previous encoder, trained on the coarser
 * level, stays as it is; the LayerNorm learns how much of it to take.
 *
 * `AddSecondModel` of the competition's second-placed solution, without the third, unused encoder that it carries.
 *
 * @throws KicError `hierarchical-fusion/hidden-size`, `hierarchical-fusion/vocabulary`, `hierarchical-fusion/hierarchy`
 */
export const hierarchicalFusion = <C extends HeadConfig>(
  options: HierarchicalFusionOptions<C>,
): FusedClassifier<C> => {
  const { config, previous, present, head = standardHead, above } = options
  if (present.hiddenSize !== config.hidden_size) {
    throw new KicError<HierarchicalFusionErrorCode>(
      'hierarchical-fusion/hidden-size',
      `hierarchicalFusion: the config says hidden_size ${config.hidden_size}, the present level '${present.level}' has ${present.hiddenSize}. Give the config of that encoder.`,
    )
  }
  if (above !== undefined) checkLabels(previous, present, above)
  const encoder = fuseEncoders(previous, present, options)
  const reading = { prefix: '', positions: head.reads ?? 'all' } as const
  const encoderParameters = encoder.parameters('')
  const headParameters = prefixedHead(head.parameters(config), encoderParameters)
  return {
    config,
    encoder,
    parameters: [...encoderParameters, ...headParameters.specs],
    frozen: (name) => name.startsWith(PREVIOUS),
    logits: (params, feeds, ctx) =>
      tf.tidy(() => {
        const features = { ...encoder.encode(params, feeds, ctx, reading), attentionMask: maskOf(feeds) }
        return head.apply(headParameters.of(params), features, config, ctx)
      }),
    contributions: (params, feeds, ctx) =>
      tf.tidy(() => {
        const { normalized, present: now } = encoder.sequences(params, feeds, ctx, reading)
        const mask = maskOf(feeds)
        const counted = reading.positions === 'first' ? tf.slice(mask, [0, 0], [-1, 1]) : mask
        return { previous: spread(normalized, counted), present: spread(now, counted) }
      }),
  }
}

/**
 * The head's parameters beside the encoder's. Both may have a `norm.weight`, as the BiLSTM head does: then all of the head's
 * stand below `head.`, and `of` gives them to the head under its own names.
 */
const prefixedHead = (specs: readonly ParamSpec[], encoder: readonly ParamSpec[]) => {
  const taken = new Set(encoder.map(({ name }) => name))
  if (!specs.some(({ name }) => taken.has(name))) return { specs, of: (params: Tensors): Tensors => params }
  return {
    specs: specs.map((spec) => ({ ...spec, name: `head.${spec.name}` })),
    of: (params: Tensors): Tensors =>
      Object.fromEntries(specs.map(({ name }) => [name, parameter(params, `head.${name}`)])),
  }
}

/** int32 [B, S]: 1 for tokens; everywhere where a batch has no mask. */
const maskOf = (feeds: Tensors): Tensor => feeds.attention_mask ?? tf.onesLike(parameter(feeds, 'input_ids'))

/** Root mean square, over tokens and features, of the distance to the mean token: [B, S, H] and mask → scalar. */
const spread = (sequence: Tensor, mask: Tensor): Tensor => {
  const weights = tf.expandDims(tf.cast(mask, 'float32'), 2) // [B, S, 1]
  const tokens = tf.sum(weights)
  const mean = tf.div(tf.sum(tf.mul(sequence, weights), [0, 1], true), tokens) // [1, 1, H]
  const squares = tf.mul(tf.square(tf.sub(sequence, mean)), weights)
  return tf.sqrt(tf.div(tf.sum(squares), tf.mul(tokens, sequence.shape[2] ?? 1)))
}
