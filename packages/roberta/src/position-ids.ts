import type { Tensor } from '@kic/engine'
import * as tf from '@tensorflow/tfjs'

/**
 * RoBERTa's position ids, int32 [B, S]: tokens count up from `padTokenId + 1`, padding has `padTokenId`.
 *
 * `create_position_ids_from_input_ids` of transformers' modeling_roberta.py. It uses the ids, not the attention mask: a
 * pad token between tokens is skipped.
 *
 * @param inputIds int32 [B, S]
 */
export const positionIds = (inputIds: Tensor, padTokenId: number): Tensor =>
  tf.tidy(() => {
    const pad = tf.scalar(padTokenId, 'int32')
    const isToken = tf.cast(tf.notEqual(inputIds, pad), 'int32')
    return tf.add(tf.mul(tf.cumsum(isToken, 1), isToken), pad)
  })
