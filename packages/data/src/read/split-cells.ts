import { CsvError, parse } from 'csv-parse/sync'
import type { TextRecord } from './decode-records.ts'
import { jsonCells } from './json-lines.ts'
import type { Layout } from './layout.ts'
import { excerptOf, type Reject } from './reject.ts'
import { splitWholeCells } from './whole-cells.ts'

/** A record as cells. */
export interface CellRecord extends TextRecord {
  readonly cells: readonly string[]
}

/** A record that could not be cut, with its reject. */
export interface UncutRecord {
  readonly text: string
  readonly reject: Reject
}

/** The records of a block as cells, and those that could not be cut. */
export interface CutCells {
  readonly records: readonly CellRecord[]
  readonly rejects: readonly UncutRecord[]
}

/** Records as cells, and rejects beside them. */
export interface CellBlock {
  readonly records: readonly CellRecord[]
  readonly rejects: readonly Reject[]
}

/** The rows of quoted text, or undefined if its quotes are malformed. */
const parseQuoted = (text: string, delimiter: string): string[][] | undefined => {
  try {
    return parse(text, { delimiter, record_delimiter: '\n', relax_column_count: true })
  } catch (error) {
    if (error instanceof CsvError) return undefined
    throw error
  }
}

const splitQuoted = (records: readonly TextRecord[], delimiter: string): CutCells => {
  const all = parseQuoted(records.map((record) => record.text).join('\n'), delimiter)
  if (all?.length === records.length)
    return { records: records.map((record, i) => ({ ...record, cells: all[i] ?? [] })), rejects: [] }
  // Some record is malformed; parsing one at a time shows which.
  const good: CellRecord[] = []
  const rejects: UncutRecord[] = []
  for (const record of records) {
    const [cells, ...more] = parseQuoted(record.text, delimiter) ?? []
    if (cells !== undefined && more.length === 0) good.push({ ...record, cells })
    else
      rejects.push({
        text: record.text,
        reject: {
          line: record.line,
          reason: 'malformed-quotes',
          message:
            'quotes must enclose a whole cell and be doubled inside it (RFC 4180), received other quotes. Correct them.',
          excerpt: excerptOf(record.text),
        },
      })
  }
  return { records: good, rejects }
}

const splitJson = (records: readonly TextRecord[], layout: Layout): CutCells => {
  const good: CellRecord[] = []
  const rejects: UncutRecord[] = []
  for (const record of records) {
    const { line, text } = record
    const cells = jsonCells(text, layout)
    if ('reason' in cells) rejects.push({ text, reject: { line, ...cells, excerpt: excerptOf(text) } })
    else good.push({ ...record, cells })
  }
  return { records: good, rejects }
}

/** Cuts records into cells by the layout's rules. Only quoted layouts and JSON can reject here. */
export const splitCells = (records: readonly TextRecord[], layout: Layout): CutCells => {
  const { delimiter, quoted, columns } = layout
  if (delimiter === 'json') return splitJson(records, layout)
  if (quoted === true && delimiter !== 'none') return splitQuoted(records, delimiter)
  const cellsOf = (text: string): readonly string[] => {
    if (delimiter === 'none') return [text]
    return quoted === 'whole-cells' ? splitWholeCells(text, delimiter, columns.length) : text.split(delimiter)
  }
  return {
    records: records.map(({ line, text }) => ({ line, text, cells: cellsOf(text) })),
    rejects: [],
  }
}
