import { KicError } from '@kic/core'
import type { Tensor } from '@kic/engine'
import * as tf from '@tensorflow/tfjs'
import type { NnErrorCode } from './error-code.ts'

/** The number that transformers 4.18 adds to the scores of padding. */
const MASKED = -10_000

/**
 * The additive form of an attention mask: [B, S] of 1 (token) and 0 (padding) → [B, 1, 1, S] of 0 and -10000.
 *
 * `get_extended_attention_mask` of transformers 4.18. In a row of padding only, every key is shifted equally, so
 * attention stays finite.
 *
 * @throws KicError `nn/mask-shape`
 */
export const attentionBias = (mask: Tensor): Tensor => {
  const [batch, length] = mask.shape
  if (mask.rank !== 2 || batch === undefined || length === undefined) {
    throw new KicError<NnErrorCode>(
      'nn/mask-shape',
      `attentionBias: the mask must be [B, S], received [${mask.shape}]. Reshape it.`,
    )
  }
  return tf.tidy(() => tf.reshape(tf.mul(tf.sub(1, tf.cast(mask, 'float32')), MASKED), [batch, 1, 1, length]))
}
