/** Consecutive rows, all live or all not. */
export interface RowRun {
  readonly first: number
  /** The row after the last. */
  readonly end: number
  readonly live: boolean
}

/** Some rows of a table, for an update. */
export interface TableRows {
  /** Elements of a row. */
  readonly width: number
  runs(): Iterable<RowRun>
}

/** Single rows; all others are left alone. */
export const onlyRows = (rows: Iterable<number>, width: number): TableRows => ({
  width,
  *runs() {
    for (const row of rows) yield { first: row, end: row + 1, live: true }
  },
})

/**
 * Rows of a table that have ever had a gradient. The moments of all others are zero, so an AdamW update only decays
 * them.
 */
export class LiveRows implements TableRows {
  readonly #live: Uint8Array

  constructor(
    rows: number,
    readonly width: number,
  ) {
    this.#live = new Uint8Array(rows)
  }

  /** The rows with a nonzero moment. */
  static ofMoments(m: Float32Array, v: Float32Array, width: number): LiveRows {
    const rows = new LiveRows(m.length / width, width)
    for (let i = 0; i < m.length; i++) if (m[i] !== 0 || v[i] !== 0) rows.add(Math.floor(i / width))
    return rows
  }

  add(row: number): void {
    this.#live[row] = 1
  }

  *runs(): Generator<RowRun> {
    const live = this.#live
    for (let first = 0, end = 0; first < live.length; first = end) {
      while (end < live.length && live[end] === live[first]) end++
      yield { first, end, live: live[first] === 1 }
    }
  }
}
