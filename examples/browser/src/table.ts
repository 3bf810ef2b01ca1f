import { parse } from 'csv-parse/browser/esm/sync'

/** A file as rows of cells. */
export interface Table {
  /** Column names, from the first line or made up. */
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
  readonly delimiter: string
}

const DELIMITERS = [',', '\t', '|', ';'] as const

/**
 * Cuts a file into rows and cells. The delimiter is the one that the first line has most of; the first line is a header
 * unless a cell of it is empty or holds a number, as in the competition's rows. A single column has none: coding a header
 * too much is better than losing an answer.
 *
 * @throws an Error with the line, where quotes are not closed.
 */
export const parseTable = (text: string): Table => {
  const [first = ''] = text.split(/\r?\n/, 1)
  const count = (delimiter: string): number => first.split(delimiter).length
  const delimiter = DELIMITERS.reduce((best, one) => (count(one) > count(best) ? one : best))
  const cells: string[][] = parse(text, {
    delimiter,
    bom: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    // The competition's files have no quoting.
    ...(delimiter === '|' ? { quote: false } : {}),
  })
  const [head = [], ...rest] = cells
  const hasHeader = rest.length > 0 && head.length > 1 && !head.some((cell) => /^\s*$|\d{2,}/.test(cell))
  const width = cells.reduce((most, row) => Math.max(most, row.length), 0)
  const columns = Array.from({ length: width }, (_, i) => (hasHeader ? head[i] : undefined) ?? `${i + 1}`)
  return { columns, rows: hasHeader ? rest : cells, delimiter }
}

/**
 * The columns whose cells are text: those with at least a third as many letters as the one with most.
 *
 * @param letter finds the letters of a cell, with the flag g
 */
export const textColumns = ({ columns, rows }: Table, letter: RegExp): number[] => {
  const letters = columns.map((_, column) =>
    rows.slice(0, 200).reduce((sum, row) => sum + (row[column]?.match(letter)?.length ?? 0), 0),
  )
  const most = Math.max(...letters)
  return most === 0 ? [] : letters.flatMap((n, column) => (n >= most / 3 ? [column] : []))
}

/** The text of a row: the chosen cells, one space between. */
export const rowText = (row: readonly string[], chosen: readonly number[]): string =>
  chosen
    .map((column) => row[column]?.trim() ?? '')
    .filter((cell) => cell !== '')
    .join(' ')
