import { isKicError } from '@kic/core'
import { codeKeys, partsOf } from './code-key.ts'
import { type Entry, type LevelledRow, type ListRow, quoted } from './entry.ts'
import { type Placed, placeLevelled } from './place-levelled.ts'
import type { TableFailure } from './table-error.ts'

/** What tells the level of a code. */
export type CodeNesting = 'digits' | 'parts'

/** Letters alone, as of sections, are above numbers; among either the shorter code is. */
const rankByDigits = (code: string): number => {
  const key = codeKeys(code)[0] ?? ''
  return key.length + (/\d/.test(key) ? 1000 : 0)
}

const rankByParts = (code: string): number => {
  const parts = partsOf(code)
  return parts.length + (/\d/.test(parts[0] ?? '') ? 1000 : 0)
}

const levelled = (rows: readonly ListRow[], nesting: CodeNesting, depth: number): readonly LevelledRow[] => {
  // The lengths of words say nothing.
  if (!rows.some(hasDigit)) return rows.map((row) => ({ ...row, depth: 0 }))
  const rank = nesting === 'digits' ? rankByDigits : rankByParts
  const ranks = [...new Set(rows.map(({ code }) => rank(code)))].toSorted((a, b) => a - b)
  return rows
    .map((row) => ({ ...row, depth: ranks.indexOf(rank(row.code)) }))
    .filter((row) => row.depth < depth)
}

/** Classes above the finest level that have none below them. */
const withNoneBelow = ({ entries }: Placed): readonly Entry[] => {
  const parents = new Set(entries.map(({ parent }) => parent))
  const finest = Math.max(...entries.map(({ depth }) => depth))
  return entries.filter((entry) => entry.depth < finest && !parents.has(entry))
}

/** Their share of the classes above the finest level. */
const childless = (placed: Placed): number => {
  const finest = Math.max(...placed.entries.map(({ depth }) => depth))
  const above = placed.entries.filter(({ depth }) => depth < finest)
  return above.length === 0 ? 0 : withNoneBelow(placed).length / above.length
}

const hasDigit = ({ code }: { readonly code: string }): boolean => /\d/.test(code)

/** Sections are letters, and nothing of their divisions' numbers tells them. */
const lettersAboveNumbers = (coarse: readonly LevelledRow[], fine: readonly LevelledRow[]): boolean =>
  !coarse.some(hasDigit) && fine.every(({ code }) => /^\d/.test(code))

/**
 * Where sections are letters, the table is in the printed order: numbers ascend, and every class has others below it. Codes
 * that do not had leading zeros: of 01, 011 and 11 came 1, 11 and 11.
 *
 * @throws KicError `classification/lost-zeros`
 */
const checkOrder = (rows: readonly LevelledRow[], placed: Placed, fail: TableFailure): Placed => {
  if (placed.ordered.length === 0) return placed
  const wrong: { line: number; received: string }[] = []
  let before = ''
  for (const { line, code } of rows.filter(hasDigit)) {
    const [key = ''] = codeKeys(code)
    if (key <= before) wrong.push({ line, received: `${quoted(code)} after ${quoted(before)}` })
    before = key
  }
  for (const { line, code } of withNoneBelow(placed))
    wrong.push({ line, received: `${quoted(code)} with none below it` })
  if (wrong.length === 0) return placed
  throw fail(
    'classification/lost-zeros',
    'codes must ascend and have others below them down to the finest level, as printed',
    wrong.toSorted((a, b) => a.line - b.line),
    'Take the published file, if leading zeros were lost as in spreadsheets, or give a column of levels or parents.',
  )
}

/**
 * Places classes by their codes alone: by the number of digits ('01', 011; '01.1' is 011), or of parts ('1', '1.10').
 *
 * @throws KicError as `placeLevelled`, and `classification/lost-zeros`
 */
export const placeByCode = (
  rows: readonly ListRow[],
  nesting: CodeNesting,
  depth: number,
  fail: TableFailure,
): Placed => {
  const own = levelled(rows, nesting, depth)
  return checkOrder(own, placeLevelled(own, fail, lettersAboveNumbers), fail)
}

/** More classes without others below them, and the codes were no such codes. */
const MOST_CHILDLESS = 0.5

/**
 * The same where nobody said what tells the level: the reading that leaves fewer classes without some below them.
 *
 * @throws KicError `classification/unclear` where most classes would have none below them.
 */
export const placeByAnyCode = (
  rows: readonly ListRow[],
  depth: number,
  fail: TableFailure,
): { readonly nesting: CodeNesting; readonly placed: Placed } => {
  const attempt = (nesting: CodeNesting) => {
    try {
      return { nesting, placed: placeByCode(rows, nesting, depth, fail) }
    } catch (error) {
      if (isKicError(error)) return { nesting, error }
      throw error
    }
  }
  const pointed = rows.some(({ code }) => partsOf(code).length > 1)
  const attempts = (pointed ? (['digits', 'parts'] as const) : (['digits'] as const)).map(attempt)
  const [best] = attempts
    .flatMap(({ nesting, placed }) =>
      placed === undefined ? [] : [{ nesting, placed, share: childless(placed) }],
    )
    .toSorted((a, b) => a.share - b.share)
  if (best === undefined) throw attempts[0]?.error
  if (best.share <= MOST_CHILDLESS) return best
  throw fail(
    'classification/unclear',
    `codes alone must tell the levels, received ${Math.round(100 * best.share)} % of classes with none below them`,
    [],
    'Give a column of levels or parents, or say by the option nesting what tells them.',
  )
}
