import { KicError } from '@kic/core'
import type { ClassificationErrorCode } from '../error-code.ts'

/** A row that breaks a rule. */
export interface BadRow {
  readonly line: number
  /** What was received, as the end of the rule's sentence: "'02' for '021'". */
  readonly received: string
}

const SHOWN = 5

/** What a reader of tables says, and of which source. */
export type TableFailure = (
  code: ClassificationErrorCode,
  rule: string,
  rows: readonly BadRow[],
  remedy: string,
) => KicError

/**
 * The errors of a reader of tables: rule, value and line of the first bad row, the lines of the others, what to do.
 *
 * @param caller the function, and the source where it has a name
 */
export const tableFailure =
  (caller: string): TableFailure =>
  (code, rule, rows, remedy) => {
    const [first, ...others] = rows
    const at = first === undefined ? '' : `, received ${first.received} in line ${first.line}`
    const more = others.slice(0, SHOWN).map(({ line }) => line)
    const also =
      more.length === 0
        ? ''
        : `, and so in ${others.length} more: line${more.length === 1 ? '' : 's'} ${more.join(', ')}${others.length > SHOWN ? ', …' : ''}`
    return new KicError<ClassificationErrorCode>(code, `${caller}: ${rule}${at}${also}. ${remedy}`)
  }
