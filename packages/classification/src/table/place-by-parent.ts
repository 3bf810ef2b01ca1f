import { type Entry, type ListRow, quoted } from './entry.ts'
import type { TableFailure } from './table-error.ts'

const withoutZeros = (code: string): string => code.replace(/^0+(?=\d)/, '')

/** Finds the row of each parent: by its code, or where a cell became a number by the one that it is without zeros. */
const parentRows = (rows: readonly ListRow[], fail: TableFailure): ReadonlyMap<ListRow, ListRow> => {
  const byCode = new Map(rows.map((row) => [row.code, row]))
  const byNumber = new Map<string, ListRow | undefined>()
  for (const row of rows) {
    const key = withoutZeros(row.code)
    byNumber.set(key, byNumber.has(key) ? undefined : row)
  }
  const parents = new Map<ListRow, ListRow>()
  const orphans: ListRow[] = []
  for (const row of rows) {
    if (row.parent === '') continue
    const found = byCode.get(row.parent) ?? byNumber.get(withoutZeros(row.parent))
    if (found === undefined) orphans.push(row)
    else parents.set(row, found)
  }
  if (orphans.length === 0) return parents
  throw fail(
    'classification/orphan',
    'a parent must be a code of the table',
    orphans.map(({ line, code, parent }) => ({ line, received: `${quoted(parent)} for ${quoted(code)}` })),
    'Add the row of the parent, correct the cell, or leave it empty for the coarsest level.',
  )
}

/**
 * Places classes by a column of parents; those without one are of the coarsest level.
 *
 * @throws KicError `classification/orphan`, `classification/cycle`
 */
export const placeByParent = (rows: readonly ListRow[], fail: TableFailure): readonly Entry[] => {
  const parents = parentRows(rows, fail)
  const entries = new Map<ListRow, Entry>()
  const place = (row: ListRow): Entry => {
    const chain: ListRow[] = []
    const seen = new Set<ListRow>()
    for (let at: ListRow | undefined = row; at !== undefined && !entries.has(at); at = parents.get(at)) {
      if (seen.has(at)) throw cycle([...chain.slice(chain.indexOf(at)), at], fail)
      seen.add(at)
      chain.push(at)
    }
    for (const own of chain.reverse()) {
      const above = parents.get(own)
      const parent = above === undefined ? undefined : entries.get(above)
      const { line, code, name, english } = own
      entries.set(own, {
        line,
        code,
        name,
        english,
        parent,
        depth: parent === undefined ? 0 : parent.depth + 1,
      })
    }
    const entry = entries.get(row)
    if (entry === undefined) throw new Error('a row was just placed')
    return entry
  }
  return rows.map(place)
}

const cycle = (circle: readonly ListRow[], fail: TableFailure) =>
  fail(
    'classification/cycle',
    'a class must not be above itself',
    circle
      .slice(0, 1)
      .map(({ line }) => ({ line, received: circle.map(({ code }) => quoted(code)).join(' below ') })),
    'Correct the parent of one of them.',
  )
