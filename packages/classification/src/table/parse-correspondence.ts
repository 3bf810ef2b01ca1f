import type { Classification } from '../classification.ts'
import { codesOf } from '../codes-of.ts'
import { type Correspondence, createCorrespondence } from '../correspondence.ts'
import { cutCode } from '../cut-code.ts'
import { restoreCode } from '../restore-code.ts'
import { codeCell } from './code-cell.ts'
import { type CorrespondenceColumnNames, correspondenceColumns } from './correspondence-columns.ts'
import { quoted } from './entry.ts'
import { type BadRow, type TableFailure, tableFailure } from './table-error.ts'
import { type TableRecord, type TableRecords, tableRecords } from './table-record.ts'
import type { RestoredCode } from './with-zeros.ts'

/** How a table of pairs is read. */
export interface CorrespondenceTableOptions {
  /** What the table is called in errors: the name of its file. */
  readonly source?: string | undefined
  /** Header cells of the columns of old and new codes; default: the two whose headers say that they hold codes. */
  readonly columns?: CorrespondenceColumnNames | undefined
  /** Words for 'code' in another language, in small letters. */
  readonly words?: readonly string[] | undefined
  /** Whether codes finer than the level are refused, the default, or cut to it: tables are published for the finest level. */
  readonly finerCodes?: 'reject' | 'cut' | undefined
}

/** A correspondence that was read from a table. */
export interface ParsedCorrespondence {
  readonly correspondence: Correspondence
  /** Codes of either revision that no pair has: classes that ended or began, or rows that are missing. */
  readonly unpaired: { readonly from: readonly string[]; readonly to: readonly string[] }
  /** Codes whose leading zeros were lost and are certain. */
  readonly restored: readonly RestoredCode[]
}

/**
 * Reads a correspondence table between two revisions: rows of an old and a new code with a header, many to many. A cell that
 * is empty says that a class has no counterpart; an asterisk behind a code, that it is a part of it.
 *
 * @param level the level that both classifications have and the pairs are about
 * @throws KicError `classification/header`, `classification/unknown-level`, and with line and code
 * `classification/bad-correspondence`, `classification/lost-zeros`
 */
export const parseCorrespondence = (
  rows: TableRecords,
  from: Classification,
  to: Classification,
  level: string,
  options: CorrespondenceTableOptions = {},
): ParsedCorrespondence => {
  const { source, finerCodes = 'reject' } = options
  const fail = tableFailure(source === undefined ? 'parseCorrespondence' : `parseCorrespondence: ${source}`)
  const [old, next] = [codesOf(from, level), codesOf(to, level)]
  const { body, ...columns } = correspondenceColumns(
    tableRecords(rows),
    options.columns,
    options.words ?? [],
    fail,
  )
  const restored: RestoredCode[] = []
  const read = (tree: Classification, column: number): ReadonlyMap<number, string> =>
    readColumn(body, column, { tree, level, cut: finerCodes === 'cut' }, restored, fail)
  const [olds, news] = [read(from, columns.from), read(to, columns.to)]
  const pairs = body.flatMap(({ line }): [string, string][] => {
    const [left, right] = [olds.get(line), news.get(line)]
    return left === undefined || right === undefined ? [] : [[left, right]]
  })
  if (pairs.length === 0)
    throw fail(
      'classification/bad-correspondence',
      'there must be pairs of codes, received none',
      [],
      'Give rows that have both.',
    )
  const correspondence = createCorrespondence(from, to, level, pairs)
  const reached = new Set(pairs.map(([, code]) => code))
  const unpaired = {
    from: old.filter((code) => !correspondence.codes.has(code)),
    to: next.filter((code) => !reached.has(code)),
  }
  return { correspondence, unpaired, restored: restored.toSorted((a, b) => a.line - b.line) }
}

interface ColumnOf {
  readonly tree: Classification
  readonly level: string
  readonly cut: boolean
}

const readColumn = (
  body: readonly TableRecord[],
  column: number,
  { tree, level, cut }: ColumnOf,
  restored: RestoredCode[],
  fail: TableFailure,
): ReadonlyMap<number, string> => {
  const cells = body.map(({ line, cells: row }) => ({
    line,
    cell: codeCell(row[column] ?? '').replace(/\*$/, ''),
  }))
  // A column in which some code still begins with 0 has lost none; shorter codes are of a coarser level.
  const longest = Math.max(...cells.map(({ cell }) => cell.length))
  const mayHaveLost = !cells.some(({ cell }) => cell.startsWith('0'))
  const codes = new Map<number, string>()
  const [strange, unclear]: [BadRow[], BadRow[]] = [[], []]
  for (const { line, cell } of cells) {
    if (cell === '') continue
    const whole = restoreCode(tree, level, cell)
    const finer = whole === undefined && cut ? cutCode(tree, level, cell) : undefined
    const code = whole ?? finer?.code
    if (code === undefined) strange.push({ line, received: quoted(cell) })
    else if (finer?.finer?.withZero !== undefined && mayHaveLost && cell.length < longest)
      unclear.push({ line, received: `${quoted(cell)}, which may be ${quoted(`0${cell}`)},` })
    else {
      codes.set(line, code)
      const lost = whole === undefined ? finer?.finer?.digits === `0${cell}` : whole !== cell
      if (lost) restored.push({ line, cell, code })
    }
  }
  if (strange.length > 0)
    throw fail(
      'classification/bad-correspondence',
      `a code must be a ${level} of ${tree.name}`,
      strange,
      cut
        ? 'Correct the cell, or give the other revision; old codes are in the first column, or name the columns.'
        : 'Correct the cell, or give the other revision; codes of a finer level are cut by the option finerCodes.',
    )
  if (unclear.length === 0) return codes
  throw fail(
    'classification/lost-zeros',
    'codes must have kept their leading zeros to be cut',
    unclear,
    'Take the published file, whose codes are texts.',
  )
}
