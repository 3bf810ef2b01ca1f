import { quoted } from './entry.ts'
import type { TableFailure } from './table-error.ts'

/** @throws KicError `classification/duplicate-code` */
export const checkRepeats = (
  rows: readonly { readonly line: number; readonly code: string }[],
  fail: TableFailure,
): void => {
  const first = new Map<string, number>()
  const again = rows.filter(({ code, line }) => {
    const known = first.has(code)
    if (!known) first.set(code, line)
    return known
  })
  if (again.length === 0) return
  throw fail(
    'classification/duplicate-code',
    'a code must be there once',
    again.map(({ line, code }) => ({
      line,
      received: `${quoted(code)}, which line ${first.get(code)} has,`,
    })),
    again.some(({ code }) => /^\d/.test(code))
      ? 'Remove one; if leading zeros were lost, take the published file, or give a column of levels.'
      : 'Remove one.',
  )
}
