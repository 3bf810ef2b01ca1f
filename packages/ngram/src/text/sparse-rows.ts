/** Rows with few features that are not zero, one after the other (compressed sparse rows). */
export interface SparseRows {
  readonly rows: number
  readonly features: number
  /** Where each row begins in `indices` and `values`, and at last where they end; rows + 1. */
  readonly offsets: Uint32Array
  readonly indices: Uint32Array
  readonly values: Float64Array
}

/** Features of a row with their values. */
export type SparseRow = Iterable<readonly [feature: number, value: number]>

/** Entries that a row has room for at first. */
const USUAL_ENTRIES = 32

/** Makes a row of each item. Typed arrays hold them, as plain ones end at about 10⁸ entries. */
export const collectSparseRows = <T>(
  items: readonly T[],
  rowOf: (item: T) => SparseRow,
  features: number,
): SparseRows => {
  const rows = items.length
  const offsets = new Uint32Array(rows + 1)
  let indices = new Uint32Array(USUAL_ENTRIES * rows)
  let values = new Float64Array(USUAL_ENTRIES * rows)
  let end = 0
  items.forEach((item, row) => {
    for (const [feature, value] of rowOf(item)) {
      if (end === indices.length) {
        indices = copied(indices, new Uint32Array(2 * end))
        values = copied(values, new Float64Array(2 * end))
      }
      indices[end] = feature
      values[end++] = value
    }
    offsets[row + 1] = end
  })
  return { rows, features, offsets, indices: indices.slice(0, end), values: values.slice(0, end) }
}

const copied = <T extends Uint32Array | Float64Array>(old: T, larger: T): T => {
  larger.set(old)
  return larger
}

/** The same rows with 1 for each feature that they have. */
export const presence = (rows: SparseRows): SparseRows => ({
  ...rows,
  values: new Float64Array(rows.values.length).fill(1),
})
