import type { LabelledRow } from '@kic/classifier/in-memory'
import { rowText, type Table, textColumns } from '../table.ts'

/** Rows that are looked at to guess a column. */
const SAMPLE = 2000
/** Labels are on this many rows, on average; ids and dates are on fewer. */
const LEAST_USES = 3

/** Words: a column of labels has as many letters as some texts. */
const WORDS = /\p{L}+/gu

/** Columns of text and label; the label's is -1 if there is none. */
export interface TaskColumns {
  readonly texts: readonly number[]
  readonly label: number
}

/**
 * What the columns of a table most likely are: those with most words are the text, and the finest of the others whose values
 * repeat is the label. Short texts have no more words than labels, so these may be taken from the texts.
 */
export const guessedColumns = (table: Table): TaskColumns => {
  const wordy = textColumns(table, WORDS)
  const beside = labelColumn(table, wordy)
  const label = beside < 0 ? labelColumn(table, []) : beside
  return { texts: wordy.filter((column) => column !== label), label }
}

/** The finest column whose values repeat, of those that are no texts; -1 if there is none. */
const labelColumn = ({ columns, rows }: Table, texts: readonly number[]): number => {
  const sample = rows.slice(0, SAMPLE)
  let [best, most] = [-1, 1]
  for (const column of columns.keys()) {
    if (texts.includes(column)) continue
    const values = new Set(sample.map((row) => row[column]?.trim() ?? ''))
    values.delete('')
    if (values.size > most && values.size * LEAST_USES <= sample.length) [best, most] = [column, values.size]
  }
  return best
}

/** Rows with text and label; those without either are left out. */
export const labelledRows = (
  { rows }: Table,
  texts: readonly number[],
  label: number,
): readonly LabelledRow[] =>
  rows.flatMap((row) => {
    const labelled = { text: rowText(row, texts), label: row[label]?.trim() ?? '' }
    return labelled.text === '' || labelled.label === '' ? [] : [labelled]
  })
