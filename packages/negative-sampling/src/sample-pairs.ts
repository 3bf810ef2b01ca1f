import { createRandom, defined, KicError } from '@kic/core'
import type { NegativeSamplingErrorCode } from './error-code.ts'
import { type NegativeSource, negativeSource } from './negative-source.ts'

/** Pairs of a row and a class, by column. */
export interface Pairs {
  readonly rows: Int32Array
  /** The class in the pair. */
  readonly labels: Int32Array
  /** 1 if the row is of the class, else 0. */
  readonly matches: Int32Array
}

export interface SamplePairsOptions {
  /** Class number of each row. */
  readonly labels: ArrayLike<number>
  /** C. */
  readonly classes: number
  readonly negatives: NegativeSource
  /** Negatives for each positive; default 1. */
  readonly ratio?: number | undefined
  readonly seed: number
  /** Every epoch has new negatives. */
  readonly epoch: number
}

/**
 * Every row with its own class, and `ratio` times as many negatives.
 *
 * @throws KicError `negative-sampling/ratio`, and as `negativeSource`
 */
export const samplePairs = (options: SamplePairsOptions): Pairs => {
  const { labels, classes, negatives, ratio = 1, seed, epoch } = options
  const count = Math.round(ratio * labels.length)
  if (!(Number.isFinite(ratio) && count >= 1)) {
    throw new KicError<NegativeSamplingErrorCode>(
      'negative-sampling/ratio',
      `samplePairs: ratio must be above 0 and make at least one negative of ${labels.length} rows, received ${ratio}. Use 1 for as many negatives as positives.`,
    )
  }
  const draw = negativeSource(negatives, labels, classes)
  const random = createRandom(seed, 'negatives', epoch)
  const positives = labels.length
  const pairs = {
    rows: new Int32Array(positives + count),
    labels: new Int32Array(positives + count),
    matches: new Int32Array(positives + count).fill(1, 0, positives),
  }
  for (let row = 0; row < positives; row++) {
    pairs.rows[row] = row
    pairs.labels[row] = defined(labels[row])
  }
  for (let at = positives; at < positives + count; at++) {
    const { row, label } = draw(random)
    pairs.rows[at] = row
    pairs.labels[at] = label
  }
  return pairs
}
