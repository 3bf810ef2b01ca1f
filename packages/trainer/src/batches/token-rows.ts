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

/** Number of tokens of each row, for `batchPlan`. */
export const tokenLengths = ({ inputIds }: TokenRows): Int32Array =>
  'offsets' in inputIds
    ? Int32Array.from({ length: inputIds.offsets.length - 1 }, (_, i) => rowOf(inputIds, i)?.length ?? 0)
    : Int32Array.from(inputIds, (row) => row.length)

/** The values of a row; `undefined` where there is no such row. */
export const rowOf = (rows: readonly Int32Array[] | RaggedRows, row: number): Int32Array | undefined => {
  if (!('offsets' in rows)) return rows[row]
  const [from, to] = [rows.offsets[row], rows.offsets[row + 1]]
  return from === undefined || to === undefined ? undefined : rows.values.subarray(from, to)
}
