import { type Entry, type LevelledRow, quoted } from './entry.ts'
import type { TableFailure } from './table-error.ts'

/**
 * The parent of each class of a level as tables are printed: the last class one level above before it.
 *
 * @param rows the whole table, in its order
 * @throws KicError `classification/orphan` for a class with none above it, `classification/skipped-level` if one of a
 *   coarser level is between, `classification/order` if a class has none below it.
 */
export const parentsByOrder = (
  rows: readonly LevelledRow[],
  coarse: readonly Entry[],
  depth: number,
  fail: TableFailure,
): ReadonlyMap<LevelledRow, Entry> => {
  const entryAt = new Map(coarse.map((entry) => [entry.line, entry]))
  const parents = new Map<LevelledRow, Entry>()
  const kept = new Set<Entry>()
  const [orphans, skipping]: [LevelledRow[], LevelledRow[]] = [[], []]
  let open: Entry | undefined
  let between = false
  for (const row of rows) {
    if (row.depth < depth - 1) between = true
    else if (row.depth === depth - 1) [open, between] = [entryAt.get(row.line), false]
    else if (row.depth > depth) {
      if (open !== undefined && !kept.has(open)) skipping.push(row)
    } else if (open === undefined) orphans.push(row)
    else if (between) skipping.push(row)
    else {
      parents.set(row, open)
      kept.add(open)
    }
  }
  const received = ({ line, code }: LevelledRow) => ({ line, received: quoted(code) })
  if (orphans.length > 0)
    throw fail(
      'classification/orphan',
      'a class must stand below its parent where its code does not tell it',
      orphans.map(received),
      'Sort the rows as published, or give a column of parents.',
    )
  if (skipping.length > 0)
    throw fail(
      'classification/skipped-level',
      'a class must stand below one of the level directly above',
      skipping.map(received),
      'Add the missing class; if codes lost leading zeros, take the published file.',
    )
  const childless = coarse.filter((entry) => !kept.has(entry))
  if (childless.length > 0)
    throw fail(
      'classification/order',
      'rows must be in the published order, each class above its children',
      childless.map(({ line, code }) => ({ line, received: `${quoted(code)} with none below it` })),
      'Sort the rows so, or give a column of parents; if codes lost leading zeros, take the published file.',
    )
  return parents
}
