import { KicError } from '@kic/core'
import type { HostTensor } from '@kic/engine'
import type { PlannedBatch } from './batch-plan.ts'
import type { MicroBatch } from './batch-source.ts'

/** Many integer rows in one array: row `i` is from `offsets[i]` to `offsets[i + 1]`. */
export interface RaggedRows {
  readonly values: Int32Array
  readonly offsets: Int32Array
}

/** Rows of tokens, special ones included, without padding; with labels where there are any. */
export interface TokenRows {
  readonly inputIds: readonly Int32Array[] | RaggedRows
  readonly tokenTypeIds?: readonly Int32Array[] | RaggedRows
  /** A class number for each row. */
  readonly labels?: ArrayLike<number>
}

export interface TokenBatchOptions {
  /** The tokenizer's id of padding: 1 for RoBERTa and klue's models, 0 for BERT. */
  readonly padTokenId: number
  /** The label of filler rows, which losses ignore; default -100. */
  readonly ignoreIndex?: number
}

/**
 * Planned rows as padded feeds: `input_ids`, `attention_mask` and, where the rows have them, `token_type_ids`, all
 * int32 [B, S], and `labels`, int32 [B].
 *
 * A batch that its rows do not fill repeats its first row, with the label `ignoreIndex`, up to the planned size: an
 * engine then meets no further shape.
 *
 * @throws KicError `trainer/row` for a row that there is not, or that is longer than the batch.
 */
export const tokenBatch = (
  rows: TokenRows,
  { rows: numbers, size, length }: PlannedBatch,
  { padTokenId, ignoreIndex = -100 }: TokenBatchOptions,
): MicroBatch => {
  const shape = [size, length]
  const ids = new Int32Array(size * length).fill(padTokenId) // [B, S]
  const mask = new Int32Array(size * length) // [B, S]
  const types = rows.tokenTypeIds === undefined ? undefined : new Int32Array(size * length) // [B, S]
  const labels = rows.labels === undefined ? undefined : new Int32Array(size).fill(ignoreIndex) // [B]
  for (let i = 0; i < size; i++) {
    const row = numbers[i] ?? numbers[0] ?? -1
    const tokens = rowOf(rows.inputIds, row)
    if (tokens === undefined || tokens.length > length) {
      throw new KicError(
        'trainer/row',
        `tokenBatch: row ${row} ${tokens === undefined ? 'does not exist' : `has ${tokens.length} tokens, the batch is ${length} long`}; ` +
          'plan batches from the lengths of these rows',
      )
    }
    ids.set(tokens, i * length)
    mask.fill(1, i * length, i * length + tokens.length)
    if (types !== undefined && rows.tokenTypeIds !== undefined) {
      types.set(rowOf(rows.tokenTypeIds, row)?.subarray(0, tokens.length) ?? [], i * length)
    }
    if (labels !== undefined && i < numbers.length) labels[i] = rows.labels?.[row] ?? ignoreIndex
  }
  const int32 = (of: readonly number[], data: Int32Array): HostTensor => ({ dtype: 'int32', shape: of, data })
  return {
    rows: numbers,
    feeds: {
      input_ids: int32(shape, ids),
      attention_mask: int32(shape, mask),
      ...(types === undefined ? {} : { token_type_ids: int32(shape, types) }),
      ...(labels === undefined ? {} : { labels: int32([size], labels) }),
    },
  }
}

/** Number of tokens of each row, for `batchPlan`. */
export const tokenLengths = ({ inputIds }: TokenRows): Int32Array =>
  'offsets' in inputIds
    ? Int32Array.from({ length: inputIds.offsets.length - 1 }, (_, i) => rowOf(inputIds, i)?.length ?? 0)
    : Int32Array.from(inputIds, (row) => row.length)

/** The rows of a padded matrix [N, S] without their padding; views, not copies. */
export const unpaddedRows = (
  matrix: Int32Array,
  shape: readonly [rows: number, length: number],
  lengths: ArrayLike<number>,
): readonly Int32Array[] =>
  Array.from({ length: shape[0] }, (_, i) => matrix.subarray(i * shape[1], i * shape[1] + (lengths[i] ?? 0)))

const rowOf = (rows: readonly Int32Array[] | RaggedRows, row: number): Int32Array | undefined => {
  if (!('offsets' in rows)) return rows[row]
  const [from, to] = [rows.offsets[row], rows.offsets[row + 1]]
  return from === undefined || to === undefined ? undefined : rows.values.subarray(from, to)
}
