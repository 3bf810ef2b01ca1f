import type { Tensor } from '@kic/engine'
import * as tf from '@tensorflow/tfjs'

/** What turns tokens into rows of a table of n-grams. */
export interface NgramSettings {
  /** Lengths of the n-grams, in tokens. */
  readonly sizes: readonly number[]
  /** T, the rows of the table; a prime spreads n-grams best. */
  readonly buckets: number
  readonly padTokenId: number
}

/** The n-grams that begin at each position; N of them, one for each size. */
export interface Ngrams {
  /** int32 [B, S, N], in [0, T). */
  readonly rows: Tensor
  /** 1 where there is an n-gram, 0 where it would reach into padding, float32 [B, S, N]. */
  readonly present: Tensor
}

/**
 * The table rows of all n-grams of a text by a rolling hash (Rabin & Karp 1987): `h_n = (h_(n-1) · K + id) mod T`. Hashed
 * n-gram embeddings are fastText's (Bojanowski et al. 2017); hashing ids inside the model is CANINE's (Clark et al. 2022,
 * arXiv:2103.06874). Every product is below 2^31, so int32 is exact on every engine and in exported models.
 *
 * The special tokens at both ends of a text count as characters: an n-gram that begins or ends a text is another one than
 * the same characters inside.
 *
 * @param inputIds int32 [B, S]
 */
export const ngramIds = (inputIds: Tensor, { sizes, buckets, padTokenId }: NgramSettings): Ngrams =>
  tf.tidy(() => {
    const longest = Math.max(...sizes)
    const multiplier = tf.scalar(hashMultiplier(buckets), 'int32')
    const modulus = tf.scalar(buckets, 'int32')
    const isText = tf.notEqual(inputIds, tf.scalar(padTokenId, 'int32')).cast('int32') // [B, S]
    const rows: Tensor[] = []
    const present: Tensor[] = []
    let [hash, whole]: [Tensor | undefined, Tensor] = [undefined, isText]
    for (let size = 1; size <= longest; size++) {
      const next = shiftedLeft(inputIds, size - 1, padTokenId)
      hash = (hash === undefined ? next : tf.add(tf.mul(hash, multiplier), next)).mod(modulus)
      whole = size === 1 ? isText : tf.mul(whole, shiftedLeft(isText, size - 1, 0))
      if (!sizes.includes(size)) continue
      rows.push(hash)
      present.push(whole)
    }
    return { rows: tf.stack(rows, 2), present: tf.stack(present, 2).cast('float32') }
  })

/** A multiplier K with T · K + id < 2^31; the golden ratio leaves no small relations between K, its powers and T. */
const hashMultiplier = (buckets: number): number => Math.floor((0.618 * 2 ** 31) / buckets)

/** int32 [B, S] → [B, S]: what is `by` positions to the right, and `fill` beyond the end. */
const shiftedLeft = (ids: Tensor, by: number, fill: number): Tensor => {
  if (by === 0) return ids
  const padded = tf.pad(
    ids,
    [
      [0, 0],
      [0, by],
    ],
    fill,
  )
  return tf.slice(padded, [0, by], [-1, -1])
}
