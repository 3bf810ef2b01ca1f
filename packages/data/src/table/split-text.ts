import type { TableRecord } from '@kic/classification'
import { KicError } from '@kic/core'
import { CsvError, parse } from 'csv-parse/sync'
import type { DataErrorCode } from '../error-code.ts'

/** What divides cells; of equal ones the first. */
const DELIMITERS = ['\t', ';', '|', ','] as const

/** Lines that tell the delimiter. */
const LOOKED_AT = 50

/** The delimiter that cuts most lines into equally many cells, at least two; a comma where none does. */
const delimiterOf = (text: string): string => {
  const lines = text
    .split('\n', LOOKED_AT)
    .map((line) => line.replace(/"(?:[^"]|"")*"/g, '""'))
    .filter((line) => line.trim() !== '')
  const evenLines = (delimiter: string): number => {
    const counts = new Map<number, number>()
    for (const line of lines) {
      const cells = line.split(delimiter).length
      if (cells > 1) counts.set(cells, (counts.get(cells) ?? 0) + 1)
    }
    return Math.max(0, ...counts.values())
  }
  return DELIMITERS.toSorted((a, b) => evenLines(b) - evenLines(a))[0] ?? ','
}

/**
 * The cells of a text whose lines are records, divided by tabs, semicolons, bars or commas; cells may be quoted as in
 * RFC 4180.
 *
 * @throws KicError `data/malformed-quotes`
 */
export const splitText = (text: string, name: string): readonly TableRecord[] => {
  try {
    const records: string[][] = parse(text.replace(/\r\n?/g, '\n'), {
      delimiter: delimiterOf(text),
      record_delimiter: '\n',
      relax_column_count: true,
      relax_quotes: true,
    })
    let next = 1
    return records.map((cells) => {
      const line = next
      next += cells.join('').split('\n').length
      return { line, cells }
    })
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    throw new KicError<DataErrorCode>(
      'data/malformed-quotes',
      `${name}: a quote stands only around a whole cell and is doubled inside one (RFC 4180), received another ` +
        `(${error.message}). Correct the cell.`,
      { cause: error },
    )
  }
}
