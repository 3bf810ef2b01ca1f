import { defined } from '@kic/core'
import { csvLine } from '@kic/data'
import type { AnswerRow } from './answer-row.ts'
import { answerTable } from './answer-table.ts'
import type { GuaranteeColumns } from './guarantee-cells.ts'

/** The header and a function for rows, each with its line end. */
export interface AnswersCsv {
  readonly header: string
  row(answer: AnswerRow): string
}

const written = (cell: string | number, column: string): string =>
  typeof cell === 'number' && (column.endsWith('_confidence') || column === 'novelty')
    ? cell.toFixed(4)
    : String(cell)

/**
 * Answers as CSV with the columns of `kic predict`: one line for each input row, whatever its result. No cell is a
 * formula.
 *
 * @param others names of the passed-through columns of the input
 * @param guarantees columns of sets and novelty
 */
export const answersCsv = (
  levels: readonly string[],
  others: readonly string[] = [],
  guarantees: GuaranteeColumns = {},
): AnswersCsv => {
  const { columns, cells } = answerTable(levels, others, guarantees)
  return {
    header: csvLine(columns),
    row: (answer) => csvLine(cells(answer).map((cell, i) => written(cell, defined(columns[i])))),
  }
}
