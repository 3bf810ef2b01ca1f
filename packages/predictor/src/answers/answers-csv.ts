import { csvLine } from '@kic/data'
import type { AnswerRow } from './answer-row.ts'
import { answerTable } from './answer-table.ts'

/** The header, and a row, each with its line end. */
export interface AnswersCsv {
  readonly header: string
  row(answer: AnswerRow): string
}

const written = (cell: string | number, column: string): string =>
  column.endsWith('_confidence') && typeof cell === 'number' ? cell.toFixed(4) : String(cell)

/**
 * Answers as CSV, one line a row of the input, whatever came of it: the columns of `kic predict`. No cell is a formula.
 *
 * @param others names of the input's columns that are passed through
 */
export const answersCsv = (levels: readonly string[], others: readonly string[] = []): AnswersCsv => {
  const { columns, cells } = answerTable(levels, others)
  return {
    header: csvLine(columns),
    row: (answer) => csvLine(cells(answer).map((cell, i) => written(cell, columns[i] ?? ''))),
  }
}
