import { KicError } from '@kic/core'
import type { Reject, RejectReason } from '@kic/data'
import type { CliErrorCode } from '../error-code.ts'
import type { Io } from '../io.ts'

/** Rows without a usable text: their number, the reasons, and the first of them. */
export interface BadRows {
  add(file: string, rejects: readonly Reject[]): void
  /**
   * Reports the rows left out, or throws.
   *
   * @throws KicError `cli/bad-rows` with the rows and what to do, unless they may be left out
   */
  settle(io: Io): void
}

/** Rows listed in a message. */
const NAMED = 3

/** Bad rows after which an error ends the reading. */
const ENOUGH = 1000

/**
 * Counts unreadable rows, which are an error or left out, and rows with empty texts, which every command leaves out because
 * they are readable.
 *
 * @param caller the command, for messages
 * @param skip whether unreadable rows are left out
 */
export const createBadRows = (caller: string, skip: boolean): BadRows => {
  const reasons = new Map<RejectReason, number>()
  const named: string[] = []
  let total = 0
  let empty = 0
  const emptyLines: string[] = []
  const inWords = (): string => {
    const counts = [...reasons].map(([reason, n]) => `${n.toLocaleString('en-US')} ${reason}`).join(', ')
    return `${counts}: ${named.join('; ')}${total > named.length ? '; …' : ''}`
  }
  const fail = (): never => {
    const many = total >= ENOUGH ? `at least ${total.toLocaleString('en-US')}` : total
    throw new KicError<CliErrorCode>(
      'cli/bad-rows',
      `${caller}: rows must be readable, received ${many} unreadable ${total === 1 ? 'row' : 'rows'} (${inWords()}). ` +
        'Correct them, or leave them out with --skip-bad-rows.',
    )
  }
  return {
    add: (file, rejects) => {
      for (const { line, reason, message } of rejects) {
        if (reason === 'empty-text') {
          empty += 1
          if (emptyLines.length < NAMED) emptyLines.push(`${file}, line ${line}`)
          continue
        }
        total += 1
        reasons.set(reason, (reasons.get(reason) ?? 0) + 1)
        if (named.length < NAMED) named.push(`${file}, line ${line}: ${message.replace(/\.$/, '')}`)
      }
      if (!skip && total >= ENOUGH) fail()
    },
    settle: (io) => {
      if (total > 0 && !skip) fail()
      if (empty > 0) {
        const rows = empty === 1 ? '1 row is' : `${empty.toLocaleString('en-US')} rows are`
        const more = empty > emptyLines.length ? '; …' : ''
        io.err(`${rows} left out because the text is empty (${emptyLines.join('; ')}${more})\n`)
      }
      if (total === 0) return
      const rows =
        total === 1 ? '1 unreadable row is' : `${total.toLocaleString('en-US')} unreadable rows are`
      io.err(`${rows} left out (${inWords()})\n`)
    },
  }
}
