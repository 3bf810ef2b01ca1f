import { byDepth } from './entry.ts'
import { restoredCodes } from './restored-codes.ts'

/** A cell whose code lost its leading zeros, and the code that it means. */
export interface RestoredCode {
  readonly line: number
  readonly cell: string
  readonly code: string
}

/** Classes of known levels with the zeros of their codes, where these are certain; all restored ones are noted. */
export const withZeros = <T extends { readonly code: string; readonly depth: number; readonly line: number }>(
  rows: readonly T[],
  note: (restored: RestoredCode) => void,
): readonly T[] => {
  const levels = restoredCodes(byDepth(rows).map((level) => [...new Set(level.map(({ code }) => code))]))
  return rows.map((row) => {
    const code = levels[row.depth]?.get(row.code)
    if (code === undefined) return row
    note({ line: row.line, cell: row.code, code })
    return { ...row, code }
  })
}
