import { type HeaderWords, headerKey } from './header-words.ts'
import { namedColumns } from './named-columns.ts'
import type { TableColumnNames, TableColumns } from './table-columns.ts'
import type { TableFailure } from './table-error.ts'
import type { TableRecord } from './table-record.ts'
import { understoodColumns } from './understood-columns.ts'

/** The columns of a table, and the rows below its header. */
export interface FoundHeader {
  readonly columns: TableColumns
  readonly body: readonly TableRecord[]
}

/** Titles and dates stand above many headers. */
const SEARCHED = 20

/** Two header rows as one: 'Section' across two columns, and below it 'Code' and 'Title'. */
const together = (above: readonly string[], below: readonly string[]): readonly string[] => {
  let wide = ''
  return Array.from({ length: Math.max(above.length, below.length) }, (_, i) => {
    wide = above[i] || wide
    return `${wide} ${below[i] ?? ''}`.trim()
  })
}

/**
 * Finds the header among the first rows, of one row or two, by the columns named or by its words.
 *
 * @throws KicError `classification/header`
 */
export const findHeader = (
  records: readonly TableRecord[],
  words: HeaderWords,
  names: TableColumnNames | undefined,
  fail: TableFailure,
): FoundHeader => {
  const columnsOf = (header: readonly string[]): TableColumns | undefined =>
    names === undefined ? understoodColumns(header, words) : namedColumns(header, names)
  for (const [i, { cells }] of records.slice(0, SEARCHED).entries()) {
    const columns = columnsOf(cells)
    if (columns !== undefined) return { columns, body: records.slice(i + 1) }
    const next = records[i + 1]
    const both = next === undefined ? undefined : columnsOf(together(cells, next.cells))
    if (both !== undefined) return { columns: both, body: records.slice(i + 2) }
  }
  const [first] = records
  const wanted =
    names === undefined
      ? 'a header must name one column of codes and one of names, or such columns for each level'
      : `a header must have the columns ${named(names).join(', ')}`
  throw fail(
    'classification/header',
    wanted,
    first === undefined ? [] : [{ line: first.line, received: `'${first.cells.join(' | ').slice(0, 120)}'` }],
    names === undefined ? 'Name them by the option columns.' : 'Correct the option columns.',
  )
}

const named = ({ levels = [], ...names }: TableColumnNames): readonly string[] =>
  [...Object.values(names), ...levels.flatMap(({ code, name }) => [code, name])].flatMap((name) =>
    name === undefined ? [] : [`'${headerKey(name)}'`],
  )
