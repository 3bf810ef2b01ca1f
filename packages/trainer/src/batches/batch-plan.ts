import { createRandom, KicError, type Random } from '@kic/core'
import { lengthBuckets } from './length-buckets.ts'
import { drawRows } from './sampling.ts'

/** Which rows form one batch, and its shape. */
export interface PlannedBatch {
  /** Row numbers; fewer than `size` in a batch that the rows did not fill. */
  readonly rows: Int32Array
  /** B of the batch's shape. Rows beyond `rows` are fillers that must not count. */
  readonly size: number
  /** S of the batch's shape: the bucket of its longest row. */
  readonly length: number
}

export interface BatchPlanOptions {
  /** Tokens of each row, special ones included. */
  readonly lengths: ArrayLike<number>
  /** Rows in a batch. Either this or `tokenBudget`. */
  readonly batchSize?: number | undefined
  /** Tokens in a batch, padding included: a batch of length S has `floor(tokenBudget / S)` rows. */
  readonly tokenBudget?: number | undefined
  /** Batches are as long as a multiple of this; default: `lengthBuckets`, at most ten lengths that need the least padding. */
  readonly bucket?: number | undefined
  /** No batch is longer than this, and no row may be. Default: the longest row's bucket. */
  readonly maxLength?: number | undefined
  /** `length` (default) puts rows of one length bucket together; `none` takes them as they come. */
  readonly grouping?: 'length' | 'none' | undefined
  /** Whether rows and batches are in random order; default true. */
  readonly shuffle?: boolean | undefined
  /** Leaves out the rows that fill no whole batch; default false. */
  readonly dropLast?: boolean | undefined
  /** Draws rows with replacement in proportion to these, instead of taking each once. */
  readonly weights?: ArrayLike<number> | undefined
  /** How many rows to draw with `weights`; default: as many as there are. */
  readonly draws?: number | undefined
  readonly seed: number
  readonly epoch: number
}

/**
 * The batches of one epoch, which follow from the options alone.
 *
 * Grouped by length: rows in uniformly random order fill the batches of their own bucket; what fills no whole batch
 * moves on to the next longer bucket, so at most one batch of an epoch is not full, a rare length makes no shape of
 * its own, and every epoch over all rows has the same number of batches. The order of the batches is uniformly random.
 *
 * @throws KicError `trainer/batch-options`, `trainer/row-length`, `trainer/no-batches`
 */
export const batchPlan = (options: BatchPlanOptions): readonly PlannedBatch[] => {
  const { lengths, grouping = 'length', shuffle = true, seed, epoch, weights, draws } = options
  check(options)
  const random = createRandom(seed, 'batches', epoch)
  const all = Array.from({ length: lengths.length }, (_, row) => row)
  const rows =
    weights === undefined
      ? ordered(all, shuffle, random)
      : drawRows({ weights, draws: draws ?? lengths.length, random })
  const padded = padding(options)
  const batches = grouping === 'length' ? grouped(rows, options, padded) : sequential(rows, options, padded)
  if (batches.length === 0) {
    throw new KicError(
      'trainer/no-batches',
      `batchPlan: ${rows.length} rows fill no batch of ${options.batchSize ?? 'this budget'} with dropLast; ` +
        'use a smaller batch or keep the last one',
    )
  }
  return ordered(batches, shuffle, random)
}

const ordered = <T>(items: readonly T[], shuffle: boolean, random: Random): readonly T[] =>
  shuffle ? random.shuffle(items) : items

/** From a row to the length of its bucket. */
type PaddedLength = (row: number) => number

const grouped = (
  rows: readonly number[],
  options: BatchPlanOptions,
  padded: PaddedLength,
): PlannedBatch[] => {
  const byLength = new Map<number, number[]>()
  for (const row of rows) {
    const length = padded(row)
    const group = byLength.get(length)
    if (group === undefined) byLength.set(length, [row])
    else group.push(row)
  }
  const batches: PlannedBatch[] = []
  let waiting: number[] = []
  const ascending = [...byLength].sort(([a], [b]) => a - b)
  for (const [i, [length, group]] of ascending.entries()) {
    const pool = [...waiting, ...group]
    const size = batchSize(length, options)
    const full = pool.length - (pool.length % size)
    for (let at = 0; at < full; at += size) batches.push(planned(pool.slice(at, at + size), size, length))
    waiting = pool.slice(full)
    if (i === ascending.length - 1 && waiting.length > 0 && !options.dropLast) {
      batches.push(planned(waiting, size, length))
    }
  }
  return batches
}

const sequential = (
  rows: readonly number[],
  options: BatchPlanOptions,
  padded: PaddedLength,
): PlannedBatch[] => {
  const size = batchSize(0, options)
  const batches: PlannedBatch[] = []
  for (let at = 0; at < rows.length; at += size) {
    const of = rows.slice(at, at + size)
    if (of.length < size && options.dropLast) break
    batches.push(planned(of, size, Math.max(...of.map(padded))))
  }
  return batches
}

const planned = (rows: readonly number[], size: number, length: number): PlannedBatch => ({
  rows: Int32Array.from(rows),
  size,
  length,
})

const padding = (options: BatchPlanOptions): PaddedLength => {
  const { lengths, bucket, maxLength = Number.POSITIVE_INFINITY, grouping = 'length' } = options
  for (let row = 0; row < lengths.length; row++) {
    const length = lengths[row] ?? 0
    if (length > 0 && length <= maxLength) continue
    throw new KicError(
      'trainer/row-length',
      `batchPlan: row ${row} has ${length} tokens, it must have ${maxLength === Number.POSITIVE_INFINITY ? 'at least one' : `1 to ${maxLength}`}; ` +
        'truncate when tokenizing, and keep special tokens',
    )
  }
  const lengthOf = (row: number): number => lengths[row] ?? 0
  if (bucket !== undefined) {
    return (row) => Math.min(maxLength, Math.ceil(lengthOf(row) / bucket) * bucket)
  }
  const tokens = Array.from(lengths).reduce((sum, length) => sum + length, 0)
  const size = batchSize(Math.ceil(tokens / lengths.length), options)
  const bucketOf = new Map<number, number>()
  let shorter = 0
  for (const length of lengthBuckets(lengths, { batchSize: size, grouping })) {
    for (let l = shorter + 1; l <= length; l++) bucketOf.set(l, length)
    shorter = length
  }
  return (row) => bucketOf.get(lengthOf(row)) ?? lengthOf(row)
}

const batchSize = (length: number, { batchSize: fixed, tokenBudget = 0 }: BatchPlanOptions): number => {
  const size = fixed ?? Math.floor(tokenBudget / length)
  if (size >= 1) return size
  throw new KicError(
    'trainer/batch-options',
    `batchPlan: a tokenBudget of ${tokenBudget} holds no row of length ${length}; raise it to at least ${length}`,
  )
}

const check = (options: BatchPlanOptions): void => {
  const { lengths, batchSize: fixed, tokenBudget, bucket, grouping, weights } = options
  const refuse = (rule: string): never => {
    throw new KicError('trainer/batch-options', `batchPlan: ${rule}`)
  }
  const positive = (value: number): boolean => Number.isInteger(value) && value > 0
  if (lengths.length === 0) refuse('there are no rows; give the length of each row')
  if ((fixed === undefined) === (tokenBudget === undefined)) {
    refuse(`give batchSize or tokenBudget, got ${fixed} and ${tokenBudget}`)
  }
  if (!positive(fixed ?? tokenBudget ?? 0)) {
    refuse(`batchSize or tokenBudget must be a positive integer, got ${fixed ?? tokenBudget}`)
  }
  if (bucket !== undefined && !positive(bucket)) refuse(`bucket must be a positive integer, got ${bucket}`)
  if (tokenBudget !== undefined && grouping === 'none') {
    refuse('tokenBudget needs grouping by length; use batchSize with grouping none')
  }
  if (weights !== undefined && weights.length !== lengths.length) {
    refuse(`there are ${weights.length} weights for ${lengths.length} rows`)
  }
}
