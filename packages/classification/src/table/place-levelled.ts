import { byDepth, type Entry, type LevelledRow, quoted } from './entry.ts'
import { parentsByCode } from './parents-by-code.ts'
import { parentsByOrder } from './parents-by-order.ts'
import type { TableFailure } from './table-error.ts'

/** Classes in their places, and the levels whose parents only the order of the rows tells. */
export interface Placed {
  readonly entries: readonly Entry[]
  readonly ordered: readonly number[]
}

/**
 * Finds the parents of classes whose levels are known: by their codes, or where these say nothing by the order of rows.
 *
 * @param mayBeOrdered whether the order of rows may tell the parents of a level's classes
 * @throws KicError as `parentsByCode` and `parentsByOrder`
 */
export const placeLevelled = (
  rows: readonly LevelledRow[],
  fail: TableFailure,
  mayBeOrdered: (coarse: readonly LevelledRow[], fine: readonly LevelledRow[]) => boolean = () => true,
): Placed => {
  const entries: Entry[] = []
  const ordered: number[] = []
  let above: readonly Entry[] = []
  for (const [depth, level] of byDepth(rows).entries()) {
    let parents = depth === 0 ? undefined : parentsByCode(above, level, fail)
    if (depth > 0 && parents === undefined) {
      if (!mayBeOrdered(above, level)) throw unrelated(level, fail)
      parents = parentsByOrder(rows, above, depth, fail)
      ordered.push(depth)
    }
    above = level.map((row): Entry => ({ ...row, parent: parents?.get(row) }))
    entries.push(...above)
  }
  return { entries, ordered }
}

const unrelated = (level: readonly LevelledRow[], fail: TableFailure) =>
  fail(
    'classification/orphan',
    'a code must begin with a shorter code of the table',
    level.map(({ line, code }) => ({ line, received: quoted(code) })),
    'Give a column of levels or parents.',
  )
