import { checkRepeats } from './check-repeats.ts'
import { type Entry, type ListRow, quoted } from './entry.ts'
import { type CodeNesting, placeByAnyCode, placeByCode } from './place-by-code.ts'
import { levelValues, placeByLevel } from './place-by-level.ts'
import { placeByParent } from './place-by-parent.ts'
import type { ListColumns } from './table-columns.ts'
import type { TableFailure } from './table-error.ts'
import type { ClassificationTableOptions } from './table-options.ts'
import { type RestoredCode, withZeros } from './with-zeros.ts'

/** What tells the parent of a class. */
export type Nesting = CodeNesting | 'parents' | 'levels' | 'columns'

/** Classes in their places. */
export interface Found {
  readonly entries: readonly Entry[]
  readonly nesting: Nesting
  /** Names of the levels, coarsest first, where the table has some. */
  readonly levels: readonly string[] | undefined
}

type Note = (restored: RestoredCode) => void

/** Places classes by what the table has: parents before levels, and these before the codes alone. */
export const listEntries = (
  rows: readonly ListRow[],
  columns: ListColumns,
  options: ClassificationTableOptions,
  note: Note,
  fail: TableFailure,
): Found => {
  const { depth = Number.POSITIVE_INFINITY, nesting } = options
  const values = columns.level === undefined ? undefined : levelValues(rows, options.levels, fail)
  if (columns.parent !== undefined) {
    // Without its zeros 01.10 is '1.1', as 01.1 is: levels tell them apart, codes do not.
    if (values === undefined) checkRepeats(rows, fail)
    if (values === undefined || !repeats(rows)) return byParents(rows, values, depth, note, fail)
    return checkedParents(rows, byLevels(rows, values, depth, note, fail), fail)
  }
  if (values !== undefined) return byLevels(rows, values, depth, note, fail)
  checkRepeats(rows, fail)
  const found =
    nesting === undefined
      ? placeByAnyCode(rows, depth, fail)
      : { nesting, placed: placeByCode(rows, nesting, depth, fail) }
  return { entries: found.placed.entries, nesting: found.nesting, levels: undefined }
}

const repeats = (rows: readonly ListRow[]): boolean =>
  new Set(rows.map(({ code }) => code)).size < rows.length

const namesOf = (values: readonly string[]): readonly string[] | undefined =>
  values.some((value) => /^\d+$/.test(value)) ? undefined : values

const byLevels = (
  rows: readonly ListRow[],
  values: readonly string[],
  depth: number,
  note: Note,
  fail: TableFailure,
): Found => ({
  entries: placeByLevel(rows, values, depth, note, fail).entries,
  nesting: 'levels',
  levels: namesOf(values)?.slice(0, depth),
})

const byParents = (
  rows: readonly ListRow[],
  values: readonly string[] | undefined,
  depth: number,
  note: Note,
  fail: TableFailure,
): Found => {
  const all = placeByParent(rows, fail)
  const names = values === undefined ? undefined : levelsByDepth(rows, all, fail)
  const placed = new Map<Entry | undefined, Entry>()
  const kept = all.filter((entry) => entry.depth < depth)
  const restored = withZeros(kept, note)
  // Parents come first, whatever the order of the rows.
  const byDepth = kept.map((entry, i) => ({ entry, own: restored[i] ?? entry }))
  for (const { entry, own } of byDepth.toSorted((a, b) => a.entry.depth - b.entry.depth))
    placed.set(entry, { ...own, parent: placed.get(entry.parent) })
  const entries = kept.flatMap((entry) => placed.get(entry) ?? [])
  return {
    entries,
    nesting: 'parents',
    levels: names === undefined ? undefined : namesOf(names)?.slice(0, depth),
  }
}

/** The level of each depth, by the column of levels: classes that it has elsewhere skip a level. */
const levelsByDepth = (
  rows: readonly ListRow[],
  entries: readonly Entry[],
  fail: TableFailure,
): readonly string[] => {
  const names: string[] = []
  const skipping: { line: number; received: string }[] = []
  entries.forEach(({ line, code, depth, parent }, i) => {
    const level = rows[i]?.level ?? ''
    names[depth] ??= level
    if (names[depth] !== level || names.indexOf(level) !== depth)
      skipping.push({
        line,
        received: `${quoted(code)} of the level ${quoted(level)} with the parent ${quoted(parent?.code ?? '')}`,
      })
  })
  if (skipping.length === 0) return names
  throw fail(
    'classification/skipped-level',
    'a parent must be of the level directly above',
    skipping,
    'Correct the level or the parent, or add the class between them.',
  )
}

/** The parents that codes of known levels have must be those that the column names, zeros aside. */
const checkedParents = (rows: readonly ListRow[], found: Found, fail: TableFailure): Found => {
  const byLine = new Map(rows.map((row) => [row.line, row]))
  const bare = (code: string): string => code.replace(/^0+(?=\d)/, '').replace(/(?<=\.\d*?)0+$/, '')
  const wrong = found.entries.filter(
    ({ line, parent }) => bare(byLine.get(line)?.parent ?? '') !== bare(parent?.code ?? ''),
  )
  if (wrong.length === 0) return found
  throw fail(
    'classification/orphan',
    'a parent must be the class that the code begins with, where codes lost their zeros',
    wrong.map(({ line, code }) => ({
      line,
      received: `${quoted(byLine.get(line)?.parent ?? '')} for ${quoted(code)}`,
    })),
    'Take the published file, whose codes are texts.',
  )
}
