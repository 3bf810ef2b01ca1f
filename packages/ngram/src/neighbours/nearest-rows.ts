import type { SparseRows } from '../text/sparse-rows.ts'
import type { PostingLists } from './posting-lists.ts'

/** A text of the index, and how similar it is. */
export interface NearRow {
  readonly row: number
  /** The cosine of the two texts' n-grams, above 0 and at most 1. */
  readonly similarity: number
}

/**
 * A function to the rows of an index that are nearest to a row: most similar first, of equal ones the first. Rows that
 * share no n-gram are none of them, so there may be fewer than `k`.
 */
export const nearestRows = ({
  texts,
  offsets,
  rows,
  weights,
}: PostingLists): ((queries: SparseRows, query: number, k: number) => readonly NearRow[]) => {
  const similarity = new Float64Array(texts)
  const touched = new Uint32Array(texts)
  return (queries, query, k) => {
    let found = 0
    const last = queries.offsets[query + 1] ?? 0
    for (let i = queries.offsets[query] ?? 0; i < last; i++) {
      const [feature, value] = [queries.indices[i] ?? 0, queries.values[i] ?? 0]
      const end = offsets[feature + 1] ?? 0
      for (let at = offsets[feature] ?? 0; at < end; at++) {
        const row = rows[at] ?? 0
        const before = similarity[row] ?? 0
        // Weights are above 0: what is 0 was not met before.
        if (before === 0) touched[found++] = row
        similarity[row] = before + value * (weights[at] ?? 0)
      }
    }
    const nearest = largest(similarity, touched.subarray(0, found), k)
    for (let i = 0; i < found; i++) similarity[touched[i] ?? 0] = 0
    return nearest
  }
}

/** The k most similar of some rows. A heap whose root is the worst that is kept. */
const largest = (similarity: Float64Array, rows: Uint32Array, k: number): readonly NearRow[] => {
  const size = Math.min(k, rows.length)
  const heap = rows.slice(0, size)
  const isWorse = (a: number, b: number): boolean => {
    const difference = (similarity[a] ?? 0) - (similarity[b] ?? 0)
    return difference < 0 || (difference === 0 && a > b)
  }
  const sink = (from: number): void => {
    const row = heap[from] ?? 0
    let at = from
    for (let child = 2 * at + 1; child < size; child = 2 * at + 1) {
      if (child + 1 < size && isWorse(heap[child + 1] ?? 0, heap[child] ?? 0)) child++
      if (!isWorse(heap[child] ?? 0, row)) break
      heap[at] = heap[child] ?? 0
      at = child
    }
    heap[at] = row
  }
  for (let at = (size >> 1) - 1; at >= 0; at--) sink(at)
  for (let i = size; i < rows.length; i++) {
    const row = rows[i] ?? 0
    if (size === 0 || !isWorse(heap[0] ?? 0, row)) continue
    heap[0] = row
    sink(0)
  }
  // Rounding may leave the cosine of a text with itself a little above 1.
  return Array.from(heap, (row) => ({ row, similarity: Math.min(1, similarity[row] ?? 0) })).sort(
    (a, b) => (similarity[b.row] ?? 0) - (similarity[a.row] ?? 0) || a.row - b.row,
  )
}
