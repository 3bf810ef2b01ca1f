import type { Classification } from '@kic/classification'
import { KicError } from '@kic/core'
import type { DataErrorCode } from '../error-code.ts'
import {
  type ColumnNames,
  chosenColumns,
  columnsLayout,
  headerProblem,
  labelColumns,
  ownColumns,
  shownHeader,
  type TableFormat,
} from './columns-layout.ts'
import type { Layout } from './layout.ts'

/** What may say which columns are meant. */
export interface TableReading {
  readonly columns?: ColumnNames | undefined
  readonly classification?: Classification | undefined
}

/**
 * The layout of a format whose columns always have names, from the given names, or from their own ones.
 *
 * @param title a longer name of the format
 * @throws KicError `data/unknown-column`, `data/unknown-format`
 */
export const tableLayout = (
  header: readonly string[],
  format: TableFormat,
  title: string,
  { columns: names, classification }: TableReading,
  file: string,
): Layout => {
  const columns =
    names === undefined
      ? ownColumns(header, classification)
      : chosenColumns(header, names, classification, file)
  if (columns !== undefined) return columnsLayout(header, columns, format, title)
  const problem = headerProblem(header, classification)
  if (problem !== undefined) throw new KicError<DataErrorCode>('data/unknown-format', `${file}: ${problem}`)
  throw new KicError<DataErrorCode>(
    'data/unknown-format',
    `${file}: columns must be called text and ${labelColumns(classification)}, or as in the competition, ` +
      `received '${shownHeader(header)}'${title === format ? '' : ` (${title})`}. Map the columns if the file is right.`,
  )
}
