import { defined } from '@kic/core'

/** Many integer rows in one array: row `i` is from `offsets[i]` up to `offsets[i + 1]`. */
export interface RaggedRows {
  readonly values: Int32Array
  readonly offsets: Int32Array
}

/** Probabilities of the classes from a teacher. Rows may share theirs. */
export interface SoftTargets {
  /** [M, C] */
  readonly probabilities: Float32Array
  /** C. */
  readonly classes: number
  /** For each row of tokens, its row of probabilities; -1 for rows without. */
  readonly rows: Int32Array
}

/** Rows of tokens with special tokens and without padding, with optional labels. */
export interface TokenRows {
  readonly inputIds: readonly Int32Array[] | RaggedRows
  readonly tokenTypeIds?: readonly Int32Array[] | RaggedRows | undefined
  /** One class number per row. */
  readonly labels?: ArrayLike<number> | undefined
  readonly softTargets?: SoftTargets | undefined
}

/** Number of tokens of each row, for `batchPlan`. */
export const tokenLengths = ({ inputIds }: TokenRows): Int32Array =>
  'offsets' in inputIds
    ? Int32Array.from({ length: inputIds.offsets.length - 1 }, (_, i) => defined(rowOf(inputIds, i)).length)
    : Int32Array.from(inputIds, (row) => row.length)

/** The values of a row; `undefined` if there is no such row. */
export const rowOf = (rows: readonly Int32Array[] | RaggedRows, row: number): Int32Array | undefined => {
  if (!('offsets' in rows)) return rows[row]
  const [from, to] = [rows.offsets[row], rows.offsets[row + 1]]
  return from === undefined || to === undefined ? undefined : rows.values.subarray(from, to)
}
