import { defined } from '@kic/core'

/** Maximum number of lengths: each is compiled once, and the compiled engine caches twelve. */
const MOST_BUCKETS = 10
/** A further length must save at least this share of all tokens, and at least the work of one batch. */
const LEAST_GAIN = 0.005

export interface LengthBucketsOptions {
  /** Rows in a batch. */
  readonly batchSize: number
  /** Whether a batch has rows of one bucket (`length`), or any rows (`none`) and the bucket of the longest. */
  readonly grouping?: 'length' | 'none' | undefined
}

/**
 * The best lengths for padding these rows: the choice with the fewest tokens, and no more lengths than make a
 * difference. Ascending; the last one is the longest row's length.
 *
 * Exact, by dynamic programming over the distinct lengths, as in the optimal partition of Fisher 1958
 * (doi:10.1080/01621459.1958.10501479).
 */
export const lengthBuckets = (
  rowLengths: ArrayLike<number>,
  { batchSize, grouping = 'length' }: LengthBucketsOptions,
): readonly number[] => {
  const { lengths, upTo } = distribution(rowLengths, grouping === 'length' ? 1 : batchSize)
  const leastGain = Math.max(LEAST_GAIN, batchSize / rowLengths.length)
  // costs[j]: mean padded length, times their share, of the rows up to length j, with the buckets of this round.
  let costs = lengths.map((length, j) => length * defined(upTo[j]))
  const cuts: number[][] = []
  const last = lengths.length - 1
  const rounds = Math.min(MOST_BUCKETS, lengths.length)
  for (let count = 2; count <= rounds; count++) {
    const { costs: better, cut } = withOneMore(lengths, upTo, costs)
    if (defined(costs[last]) - defined(better[last]) < leastGain * defined(costs[last])) break
    costs = better
    cuts.push(cut)
  }
  const ends = new Set([last])
  let at = last
  for (const cut of cuts.reverse()) {
    at = defined(cut[at])
    ends.add(at)
  }
  return [...ends].reverse().map((end) => defined(lengths[end]))
}

/**
 * Distinct batch lengths, ascending, with the share of batches up to each length. With `drawn` 1, these are single
 * rows.
 */
const distribution = (rowLengths: ArrayLike<number>, drawn: number) => {
  const counts = new Map<number, number>()
  for (let i = 0; i < rowLengths.length; i++) {
    const length = defined(rowLengths[i])
    counts.set(length, (counts.get(length) ?? 0) + 1)
  }
  const lengths = [...counts.keys()].sort((a, b) => a - b)
  let rows = 0
  const upTo = lengths.map((length) => {
    rows += counts.get(length) ?? 0
    // The longest of several rows is at most this long if each of them is.
    return (rows / rowLengths.length) ** drawn
  })
  return { lengths, upTo }
}

/** The costs with one more bucket, and the end of the bucket before the last. */
const withOneMore = (lengths: readonly number[], upTo: readonly number[], costs: readonly number[]) => {
  const better = [...costs]
  const cut = lengths.map((_, j) => j)
  for (let j = 1; j < lengths.length; j++) {
    for (let i = 0; i < j; i++) {
      const cost = defined(costs[i]) + defined(lengths[j]) * (defined(upTo[j]) - defined(upTo[i]))
      if (cost < defined(better[j])) {
        better[j] = cost
        cut[j] = i
      }
    }
  }
  return { costs: better, cut }
}
