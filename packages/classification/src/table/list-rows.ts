import { codeCell } from './code-cell.ts'
import { type ListRow, quoted } from './entry.ts'
import { headerKey } from './header-words.ts'
import type { ListColumns } from './table-columns.ts'
import type { TableFailure } from './table-error.ts'
import type { TableRecord } from './table-record.ts'

/** Cells that say that a class has no parent. */
const NO_PARENT = new Set(['', '-', 'null', 'none'])

/**
 * The classes of a table of which each row is one.
 *
 * @throws KicError `classification/empty-code`
 */
export const listRows = (
  body: readonly TableRecord[],
  columns: ListColumns,
  fail: TableFailure,
): readonly ListRow[] => {
  const rows = body.map(({ line, cells }): ListRow => {
    const at = (column: number | undefined): string => (column === undefined ? '' : (cells[column] ?? ''))
    const parent = codeCell(at(columns.parent))
    return {
      line,
      code: codeCell(at(columns.code)),
      name: at(columns.name),
      english: at(columns.english),
      parent: NO_PARENT.has(parent.toLowerCase()) ? '' : parent,
      level: headerKey(at(columns.level)),
    }
  })
  const nameless = rows.filter(({ code }) => code === '')
  if (nameless.length > 0)
    throw fail(
      'classification/empty-code',
      'every row must have a code',
      nameless.map(({ line, name }) => ({ line, received: `none for ${quoted(name)}` })),
      'Add the code, or remove rows that are no classes, such as notes.',
    )
  return rows
}
