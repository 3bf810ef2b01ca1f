/** A row of a table as cells, and its position. */
export interface TableRecord {
  /** Counted from 1, as a spreadsheet program or an editor shows it. */
  readonly line: number
  readonly cells: readonly string[]
}

/** Rows of cells; of those without a line the first is line 1. */
export type TableRecords = Iterable<readonly string[] | TableRecord>

/** One space for each white space, none outside; '011 ' is '011'. */
const tidy = (cell: string): string => cell.replace(/\s+/g, ' ').trim()

const isRecord = (row: readonly string[] | TableRecord): row is TableRecord => !Array.isArray(row)

/** The rows that hold anything, with tidy cells. */
export const tableRecords = (rows: TableRecords): readonly TableRecord[] => {
  const records: TableRecord[] = []
  let line = 0
  for (const row of rows) {
    line = isRecord(row) ? row.line : line + 1
    const cells = (isRecord(row) ? row.cells : row).map(tidy)
    if (cells.some((cell) => cell !== '')) records.push({ line, cells })
  }
  return records
}
