import { codeKeys, partKeys } from './code-key.ts'
import { type Entry, type LevelledRow, quoted } from './entry.ts'
import type { TableFailure } from './table-error.ts'

type KeysOf = (code: string) => readonly string[]
type Parents = ReadonlyMap<LevelledRow, Entry>

/**
 * The parent of each class of a level among the classes one level above: the one whose code it begins with, '01.1' with 01
 * and 01.11 with '01.1', 31 with '31-33'. Undefined where no code does, as divisions do not begin with the letter of their
 * section.
 *
 * @throws KicError `classification/orphan`
 */
export const parentsByCode = (
  coarse: readonly Entry[],
  fine: readonly LevelledRow[],
  fail: TableFailure,
): Parents | undefined => {
  // '1.10' is below 1, not below 11; only digits behind a point that are levels themselves need the other.
  const byParts = beginnings(coarse, fine, partKeys)
  if (byParts.size === fine.length) return byParts
  const parents = beginnings(coarse, fine, codeKeys)
  if (parents.size === 0) return undefined
  const orphans = fine.filter((row) => !parents.has(row))
  if (orphans.length === 0) return parents
  const padded = orphans.map((row) => ({ ...row, code: `0${row.code}` }))
  throw fail(
    'classification/orphan',
    'a code must begin with a code one level above',
    orphans.map(({ line, code }) => ({ line, received: quoted(code) })),
    beginnings(coarse, padded, codeKeys).size > 0
      ? 'Some lost a leading zero, as in spreadsheets: correct them, or give a column of levels or parents.'
      : 'Add the missing parents, or give a column of parents.',
  )
}

const beginnings = (coarse: readonly Entry[], fine: readonly LevelledRow[], keysOf: KeysOf): Parents => {
  const byKey = new Map(coarse.flatMap((entry) => keysOf(entry.code).map((key) => [key, entry] as const)))
  const longest = Math.max(...Array.from(byKey.keys(), (key) => key.length))
  const parents = new Map<LevelledRow, Entry>()
  for (const row of fine) {
    const [key = ''] = keysOf(row.code)
    for (let length = Math.min(key.length - 1, longest); length > 0 && !parents.has(row); length--) {
      const parent = byKey.get(key.slice(0, length))
      if (parent !== undefined) parents.set(row, parent)
    }
  }
  return parents
}
