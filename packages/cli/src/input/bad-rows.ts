import { KicError } from '@kic/core'
import type { Reject, RejectReason } from '@kic/data'
import type { Io } from '../io.ts'

/** Rows that give no text: how many, why, and the first of them. */
export interface BadRows {
  add(file: string, rejects: readonly Reject[]): void
  /**
   * Says how many rows are left out, or that they are an error.
   *
   * @throws KicError `cli/bad-rows` naming the rows and how to go on, unless they may be left out
   */
  settle(io: Io): void
}

/** So many are named. */
const NAMED = 3

/** So many are enough to give up where they are an error. */
const ENOUGH = 1000

/**
 * Counts rows that could not be read, which are an error or left out, and rows of empty texts, which are left out: as in
 * every command, they were read well enough.
 *
 * @param caller the command, for messages
 * @param skip whether they are left out
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
    throw new KicError(
      'cli/bad-rows',
      `${caller}: rows must be readable, received ${many} that ${total === 1 ? 'is' : 'are'} not (${inWords()}). ` +
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
        if (named.length < NAMED) named.push(`${file}, line ${line}: ${message}`)
      }
      if (!skip && total >= ENOUGH) fail()
    },
    settle: (io) => {
      if (total > 0 && !skip) fail()
      if (empty > 0) {
        const rows = empty === 1 ? '1 row is' : `${empty.toLocaleString('en-US')} rows are`
        const more = empty > emptyLines.length ? '; …' : ''
        io.err(`${rows} left out for an empty text (${emptyLines.join('; ')}${more})\n`)
      }
      if (total === 0) return
      const rows =
        total === 1 ? '1 unreadable row is' : `${total.toLocaleString('en-US')} unreadable rows are`
      io.err(`${rows} left out (${inWords()})\n`)
    },
  }
}
