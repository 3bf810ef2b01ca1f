import { KicError } from '@kic/core'
import type { Context, Tensor } from '@kic/engine'
import * as tf from '@tensorflow/tfjs'
import type { NnErrorCode } from './error-code.ts'

export interface AttentionOptions {
  /** N; divides H. */
  readonly heads: number
  /** Added to the scaled scores: [B, 1, 1, T] from `attentionBias`, or anything that broadcasts to [B, N, S, T]. */
  readonly bias?: Tensor | undefined
  /** Dropout rate of the attention probabilities. */
  readonly dropout: number
}

export interface Attention {
  /** Mixed values, [B, S, H]. */
  readonly context: Tensor
  /** Attention probabilities after dropout, [B, N, S, T]; transformers calls them `attentions`. */
  readonly probabilities: Tensor
}

/**
 * Scaled dot-product attention in N heads; query [B, S, H], key and value [B, T, H].
 *
 * Vaswani et al. 2017, arXiv:1706.03762, section 3.2. The caller applies the projections before and after.
 *
 * @throws KicError `nn/attention-shape`
 */
export const multiHeadAttention = (
  query: Tensor,
  key: Tensor,
  value: Tensor,
  { heads, bias, dropout }: AttentionOptions,
  ctx: Context,
): Attention => {
  const [batch, length, hidden] = query.shape
  if (query.rank !== 3 || batch === undefined || length === undefined || hidden === undefined) {
    throw new KicError<NnErrorCode>(
      'nn/attention-shape',
      `multiHeadAttention: the query must be [B, S, H], received [${query.shape}]. Reshape it.`,
    )
  }
  if (!Number.isInteger(heads) || heads < 1 || hidden % heads !== 0) {
    throw new KicError<NnErrorCode>(
      'nn/attention-shape',
      `multiHeadAttention: heads must divide the hidden size ${hidden}, received ${heads}. Correct heads.`,
    )
  }
  return tf.tidy(() => {
    const size = hidden / heads
    const scores = tf.matMul(splitHeads(query, heads), splitHeads(key, heads), false, true) // [B, N, S, T]
    const scaled = tf.mul(scores, 1 / Math.sqrt(size))
    const weights = tf.softmax(bias ? tf.add(scaled, bias) : scaled, -1)
    const probabilities = ctx.dropout(weights, dropout)
    const mixed = tf.matMul(probabilities, splitHeads(value, heads)) // [B, N, S, D]
    const context = tf.reshape(tf.transpose(mixed, [0, 2, 1, 3]), [batch, length, hidden])
    return { context, probabilities }
  })
}

/** [B, T, H] → [B, N, T, D]. */
const splitHeads = (x: Tensor, heads: number): Tensor => {
  const [batch = 0, length = 0, hidden = 0] = x.shape
  return tf.transpose(tf.reshape(x, [batch, length, heads, hidden / heads]), [0, 2, 1, 3])
}
