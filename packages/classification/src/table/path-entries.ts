import { codeCell } from './code-cell.ts'
import { type Entry, quoted } from './entry.ts'
import type { PathColumns } from './table-columns.ts'
import type { BadRow, TableFailure } from './table-error.ts'
import type { TableRecord } from './table-record.ts'
import { type RestoredCode, withZeros } from './with-zeros.ts'

/** A code in the column of its level. */
interface PathCell {
  readonly line: number
  readonly depth: number
  readonly code: string
  readonly name: string
}

const cellsOf = (body: readonly TableRecord[], { levels, name }: PathColumns): readonly PathCell[] =>
  body.flatMap(({ line, cells }) => {
    const own = levels.flatMap((columns, depth) => {
      const code = codeCell(cells[columns.code] ?? '')
      return code === ''
        ? []
        : [{ line, depth, code, name: columns.name === undefined ? '' : (cells[columns.name] ?? '') }]
    })
    // One column of names holds that of the finest code.
    const shared = name === undefined ? '' : (cells[name] ?? '')
    return own.map((cell, i) => (i === own.length - 1 && cell.name === '' ? { ...cell, name: shared } : cell))
  })

/**
 * The classes of a table of which each row is a path: cells left empty, as below a merged one, are as in the row above.
 *
 * @throws KicError `classification/empty-code`, `classification/skipped-level`, `classification/duplicate-code`
 */
export const pathEntries = (
  body: readonly TableRecord[],
  columns: PathColumns,
  depth: number,
  note: (restored: RestoredCode) => void,
  fail: TableFailure,
): readonly Entry[] => {
  const found = cellsOf(body, columns)
  checkCodes(body, found, fail)
  const known = columns.levels.map(() => new Map<string, Entry>())
  const entries: Entry[] = []
  const [skipping, moved, renamed]: [BadRow[], BadRow[], BadRow[]] = [[], [], []]
  let path: (Entry | undefined)[] = []
  for (const cell of withZeros(
    found.filter((one) => one.depth < depth),
    note,
  )) {
    const { line, code, name } = cell
    if (path[cell.depth]?.code === code && name === '') continue
    const parent = path[cell.depth - 1]
    if (cell.depth > 0 && parent === undefined) {
      skipping.push({
        line,
        received: `${quoted(code)} of the level ${quoted(columns.levels[cell.depth]?.level ?? '')}`,
      })
      continue
    }
    const before = known[cell.depth]?.get(code)
    if (before !== undefined && before.parent !== parent)
      moved.push({
        line,
        received: `${quoted(code)} of ${quoted(parent?.code ?? '')}, first of ${quoted(before.parent?.code ?? '')}`,
      })
    if (before !== undefined && name !== '' && before.name !== name)
      renamed.push({ line, received: `${quoted(name)} for ${quoted(code)}, first ${quoted(before.name)}` })
    const entry = before ?? { line, depth: cell.depth, code, name, english: '', parent }
    if (before === undefined) {
      known[cell.depth]?.set(code, entry)
      entries.push(entry)
    }
    if (path[cell.depth] !== entry) path = [...path.slice(0, cell.depth), entry]
  }
  if (skipping.length > 0)
    throw fail(
      'classification/skipped-level',
      'a class must have one of the level directly above, in its row or before it',
      skipping,
      'Add the missing code, or read fewer levels by the option depth.',
    )
  const remedy = 'Correct the cell, or remove the row.'
  if (moved.length > 0)
    throw fail('classification/duplicate-code', 'a code must have one parent', moved, remedy)
  if (renamed.length > 0)
    throw fail('classification/duplicate-code', 'a code must have one name', renamed, remedy)
  return entries
}

const checkCodes = (body: readonly TableRecord[], found: readonly PathCell[], fail: TableFailure): void => {
  const coded = new Set(found.map(({ line }) => line))
  const without = body.filter(({ line }) => !coded.has(line))
  if (without.length > 0)
    throw fail(
      'classification/empty-code',
      'every row must have a code',
      without.map(({ line, cells }) => ({
        line,
        received: `none beside ${quoted(cells.join(' ').trim().slice(0, 80))}`,
      })),
      'Add the code, or remove rows that are no classes, such as notes.',
    )
}
