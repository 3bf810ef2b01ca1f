import { KicError } from '@kic/core'
import {
  type Features,
  type Head,
  type HeadConfig,
  layerNorm,
  layerNormParameters,
  linear,
  linearParameters,
  lstm,
  lstmParameters,
  parameter,
} from '@kic/nn'
import * as tf from '@tensorflow/tfjs'
import type { HeadsBilstmErrorCode } from './error-code.ts'

export interface BilstmHeadOptions {
  /**
   * `mask-aware` (default): padding is neither summed nor read, and each direction contributes the state it ends with.
   * `as-published`: padding counts like text, and both directions contribute their state at the last position.
   */
  readonly padding?: 'mask-aware' | 'as-published' | undefined
  /** How many bidirectional layers stand on one another; default 1, as published. */
  readonly layers?: number | undefined
}

/** Dropout of the published head, wherever it drops out; it follows no setting of the encoder. */
const DROPOUT = 0.2
/** `torch.nn.LayerNorm`'s default, which the published head leaves as it is whatever the encoder's. */
const EPSILON = 1e-5

/**
 * A bidirectional LSTM between the encoder and the classes. The sum of the sequence and the sum of both directions' states
 * each pass through one shared LayerNorm and are added; dense → tanh → dropout → projection gives the logits.
 *
 * `AddLSTMForSequenceClassification` of the competition's second-placed solution. Parameters are named and, as there,
 * initialised by PyTorch's defaults: `norm.*`, `BiLSTM.*`, `classifier.dense.*`, `classifier.out_proj.*`.
 *
 * @throws KicError `heads-bilstm/padding`, `heads-bilstm/layers`
 */
export const bilstmHead = ({
  padding = 'mask-aware',
  layers = 1,
}: BilstmHeadOptions = {}): Head<HeadConfig> => {
  if (padding !== 'mask-aware' && padding !== 'as-published') {
    throw new KicError<HeadsBilstmErrorCode>(
      'heads-bilstm/padding',
      `bilstmHead: padding must be 'mask-aware' or 'as-published', received '${padding}'.`,
    )
  }
  if (!Number.isInteger(layers) || layers < 1) {
    throw new KicError<HeadsBilstmErrorCode>(
      'heads-bilstm/layers',
      `bilstmHead: layers must be a positive integer, received ${layers}.`,
    )
  }
  const shape = { prefix: 'BiLSTM.', layers, bidirectional: true }
  return {
    name: 'bilstm',
    parameters: ({ hidden_size: H, id2label }) => {
      const uniform = { kind: 'uniform', bound: 1 / Math.sqrt(H) } as const
      return [
        ...layerNormParameters('norm', H),
        ...lstmParameters(H, H, shape),
        ...linearParameters('classifier.dense', H, H, uniform, uniform),
        ...linearParameters('classifier.out_proj', Object.keys(id2label).length, H, uniform, uniform),
      ]
    },
    apply: (params, { sequence, attentionMask }, _config, ctx) =>
      tf.tidy(() => {
        const dropped = { sequence: ctx.dropout(sequence, DROPOUT), attentionMask }
        const mask = padding === 'mask-aware' ? attentionMask : undefined
        const states = lstm(params, dropped.sequence, { ...shape, dropout: DROPOUT, mask }, ctx)
        const state =
          padding === 'mask-aware' ? tf.addN([...states.final]) : sumAtLastPosition(states.sequence) // [B, H]
        const total = padding === 'mask-aware' ? sumOfTokens(dropped) : tf.sum(dropped.sequence, 1) // [B, H]
        const norm = (x: tf.Tensor): tf.Tensor =>
          layerNorm(x, parameter(params, 'norm.weight'), parameter(params, 'norm.bias'), EPSILON)
        const fused = tf.add(norm(total), norm(ctx.dropout(state, DROPOUT)))
        const weight = (name: string): tf.Tensor => parameter(params, `classifier.${name}`)
        const dense = tf.tanh(linear(fused, weight('dense.weight'), weight('dense.bias')))
        return linear(ctx.dropout(dense, DROPOUT), weight('out_proj.weight'), weight('out_proj.bias')) // [B, C]
      }),
  }
}

/** [B, S, H] → [B, H], without padding. */
const sumOfTokens = ({ sequence, attentionMask }: Features): tf.Tensor =>
  tf.sum(tf.mul(sequence, tf.expandDims(tf.cast(attentionMask, 'float32'), 2)), 1)

/** [B, S, 2H] → [B, H]: both halves of the last position, added. */
const sumAtLastPosition = (states: tf.Tensor): tf.Tensor => {
  const [batch = 0, , width = 0] = states.shape
  // The last position is the first from the end: a place that does not depend on S, for export.
  const last = tf.slice(tf.reverse(states, 1), [0, 0, 0], [batch, 1, width])
  return tf.sum(tf.reshape(last, [batch, 2, width / 2]), 1)
}
