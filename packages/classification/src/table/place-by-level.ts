import { type ListRow, quoted } from './entry.ts'
import { headerKey } from './header-words.ts'
import { type Placed, placeLevelled } from './place-levelled.ts'
import type { TableFailure } from './table-error.ts'
import { type RestoredCode, withZeros } from './with-zeros.ts'

/**
 * The values of a column of levels, coarsest first: numbers by size, names as given or else as they first occur.
 *
 * @throws KicError `classification/unknown-level` for a value that is empty or none of the names given.
 */
export const levelValues = (
  rows: readonly ListRow[],
  given: readonly string[] | undefined,
  fail: TableFailure,
): readonly string[] => {
  const values = [...new Set(rows.map(({ level }) => level))]
  const numbers = values.every((value) => /^\d+$/.test(value))
  const names = numbers ? undefined : given?.map(headerKey)
  const strange = rows.filter(({ level }) => level === '' || names?.includes(level) === false)
  if (strange.length > 0)
    throw fail(
      'classification/unknown-level',
      `every class must have a level${names === undefined ? '' : `, one of ${names.join(', ')}`}`,
      strange.map(({ line, code, level }) => ({ line, received: `${quoted(level)} for ${quoted(code)}` })),
      'Correct the cell, or the option levels.',
    )
  return numbers ? values.toSorted((a, b) => Number(a) - Number(b)) : (names ?? values)
}

/**
 * Places classes by a column of levels, and by their codes or the order of the rows.
 *
 * @throws KicError as `placeLevelled`
 */
export const placeByLevel = (
  rows: readonly ListRow[],
  values: readonly string[],
  depth: number,
  note: (restored: RestoredCode) => void,
  fail: TableFailure,
): Placed => {
  const levelled = rows.map((row) => ({ ...row, depth: values.indexOf(row.level) }))
  return placeLevelled(
    withZeros(
      levelled.filter((row) => row.depth < depth),
      note,
    ),
    fail,
  )
}
