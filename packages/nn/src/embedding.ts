import { KicError } from '@kic/core'
import type { Tensor } from '@kic/engine'
import { declareRange } from '@kic/engine'
import * as tf from '@tensorflow/tfjs'
import type { NnErrorCode } from './error-code.ts'
import { flattenRows } from './flatten-rows.ts'
import { savedAt, withGradient } from './with-gradient.ts'

export interface EmbeddingOptions {
  /** Row whose gradient is zero even if it is looked up, like `padding_idx` of `torch.nn.Embedding`. */
  readonly paddingIndex?: number | undefined
}

/**
 * Rows of a table: ids [...] → [..., H].
 *
 * The gradient is one `scatterND` over the looked-up rows, because the wasm backend lacks the `UnsortedSegmentSum` of
 * TensorFlow.js's own gradient of `gather`.
 *
 * @param weight [V, H]
 * @param ids int32, each in [0, V)
 * @throws KicError `nn/embedding-shape`, `nn/embedding-ids`; on an engine, `engine/out-of-range` for an id without a
 *   row
 */
export const embedding = (weight: Tensor, ids: Tensor, options: EmbeddingOptions = {}): Tensor => {
  const [size, width] = weight.shape
  if (weight.rank !== 2 || size === undefined || width === undefined) {
    throw new KicError<NnErrorCode>(
      'nn/embedding-shape',
      `embedding: the weight must be [V, H], received [${weight.shape}]. Reshape it.`,
    )
  }
  if (ids.dtype !== 'int32') {
    throw new KicError<NnErrorCode>(
      'nn/embedding-ids',
      `embedding: ids must be int32, received ${ids.dtype}. Cast them.`,
    )
  }
  declareRange(ids, {
    what: 'id',
    below: size,
    advice: `The embedding table has ${size} rows. Use the tokenizer that belongs to the model.`,
  })
  const { paddingIndex } = options
  return tf.tidy(() => {
    const flat = tf.reshape(ids, [ids.size]) // [n]
    const rows = withGradient([weight], () => ({
      value: tf.gather(weight, flat), // [n, H]
      save: [flat],
      gradient: (dy, saved) => {
        const indices = savedAt(saved, 0)
        const kept =
          paddingIndex === undefined
            ? dy
            : tf.mul(
                dy,
                tf.expandDims(tf.cast(tf.notEqual(indices, tf.scalar(paddingIndex, 'int32')), 'float32'), 1),
              )
        return [tf.scatterND(tf.expandDims(indices, 1), flattenRows(kept), [size, width])]
      },
    }))
    return ids.rank === 1 ? rows : tf.reshape(rows, [...ids.shape, width])
  })
}
