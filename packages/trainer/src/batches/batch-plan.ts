import { createRandom, defined, KicError, type Random } from '@kic/core'
import type { TrainerErrorCode } from '../error-code.ts'
import { lengthBuckets } from './length-buckets.ts'
import { drawRows } from './sampling.ts'

/** The rows of one batch, and its shape. */
export interface PlannedBatch {
  /** Row numbers; fewer than `size` if the rows do not fill the batch. */
  readonly rows: Int32Array
  /** B of the batch's shape. Rows after `rows` are fillers that must not count. */
  readonly size: number
  /** S of the batch's shape: the bucket of its longest row. */
  readonly length: number
}

export interface BatchPlanOptions {
  /** Number of tokens of each row, including special tokens. */
  readonly lengths: ArrayLike<number>
  /** Rows per batch. Either this or `tokenBudget`. */
  readonly batchSize?: number | undefined
  /** Tokens per batch, including padding: a batch of length S has `floor(tokenBudget / S)` rows. */
  readonly tokenBudget?: number | undefined
  /**
   * Batch lengths are multiples of this. Default: `lengthBuckets`, i.e. at most ten lengths with the least padding.
   */
  readonly bucket?: number | undefined
  /** Maximum length of a batch, and so of a row. Default: the longest row's bucket. */
  readonly maxLength?: number | undefined
  /** `length` (default) puts rows of one length bucket together; `none` keeps their order. */
  readonly grouping?: 'length' | 'none' | undefined
  /** Whether rows and batches are in random order; default true. */
  readonly shuffle?: boolean | undefined
  /** Leaves out rows that do not fill a whole batch; default false. */
  readonly dropLast?: boolean | undefined
  /** Draws rows with replacement in proportion to these weights, instead of taking each row once. */
  readonly weights?: ArrayLike<number> | undefined
  /** Number of rows drawn with `weights`; default: the number of rows. */
  readonly draws?: number | undefined
  readonly seed: number
  readonly epoch: number
}

/**
 * The batches of one epoch, which depend only on the options.
 *
 * Grouped by length: rows in uniformly random order fill the batches of their own bucket. Rows that do not fill a whole
 * batch move to the next longer bucket, so at most one batch of an epoch is not full, a rare length adds no shape of
 * its own, and every epoch over all rows has the same number of batches. The order of batches is uniformly random.
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
    throw new KicError<TrainerErrorCode>(
      'trainer/no-batches',
      `batchPlan: with dropLast, the rows must fill at least one batch of ${options.batchSize ?? 'this budget'}, received ${rows.length} rows. ` +
        'Use a smaller batch or keep the last one.',
    )
  }
  return ordered(batches, shuffle, random)
}

const ordered = <T>(items: readonly T[], shuffle: boolean, random: Random): readonly T[] =>
  shuffle ? random.shuffle(items) : items

/** The length of a row's bucket. */
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
    const length = lengths[row]
    if (length !== undefined && length > 0 && length <= maxLength) continue
    throw new KicError<TrainerErrorCode>(
      'trainer/row-length',
      `batchPlan: row ${row} must have ${maxLength === Number.POSITIVE_INFINITY ? 'at least one token' : `1 to ${maxLength} tokens`}, received ${length}. ` +
        'Truncate when tokenizing, and keep special tokens.',
    )
  }
  const lengthOf = (row: number): number => defined(lengths[row])
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
  throw new KicError<TrainerErrorCode>(
    'trainer/batch-options',
    `batchPlan: tokenBudget must hold a row of length ${length}, received ${tokenBudget}. Raise it to at least ${length}.`,
  )
}

const check = (options: BatchPlanOptions): void => {
  const { lengths, batchSize: fixed, tokenBudget, bucket, grouping, weights } = options
  const refuse = (rule: string): never => {
    throw new KicError<TrainerErrorCode>('trainer/batch-options', `batchPlan: ${rule}`)
  }
  const positive = (value: number): boolean => Number.isInteger(value) && value > 0
  if (lengths.length === 0)
    refuse('lengths must have one entry per row, received none. Pass the length of each row.')
  if ((fixed === undefined) === (tokenBudget === undefined)) {
    refuse(
      `there must be either batchSize or tokenBudget, received ${fixed} and ${tokenBudget}. Set one of them.`,
    )
  }
  if (!positive(fixed ?? tokenBudget ?? 0)) {
    refuse(
      `batchSize or tokenBudget must be a positive integer, received ${fixed ?? tokenBudget}. Correct it.`,
    )
  }
  if (bucket !== undefined && !positive(bucket))
    refuse(`bucket must be a positive integer, received ${bucket}. Correct it.`)
  if (tokenBudget !== undefined && grouping === 'none') {
    refuse('tokenBudget needs grouping by length, received grouping none. Use batchSize instead.')
  }
  if (weights !== undefined && weights.length !== lengths.length) {
    refuse(
      `weights must have one entry per row, received ${weights.length} for ${lengths.length} rows. Correct them.`,
    )
  }
}
