import { progressLine } from '@kic/core'
import type { OtherLetters, Row } from '@kic/data'
import type { ReadOptions } from '@kic/data/node'
import { errStream } from '../err-stream.ts'
import type { Io } from '../io.ts'
import { createBadRows } from './bad-rows.ts'

/** A row and its file. */
export interface PlacedRow extends Row {
  readonly file: string
}

/**
 * All rows of files. Unreadable rows are an error, or are left out and counted on standard error.
 *
 * @param caller the command, for messages
 * @throws KicError `cli/bad-rows`, and as `readFiles`
 */
export const readAllRows = async (
  caller: string,
  paths: readonly string[],
  reading: Omit<ReadOptions, 'name'>,
  skipBadRows: boolean,
  io: Io,
): Promise<readonly PlacedRow[]> => {
  const [{ describeOtherLetters }, { readFiles }] = await Promise.all([
    import('@kic/data'),
    import('@kic/data/node'),
  ])
  const bad = createBadRows(caller, skipBadRows)
  const progress = progressLine(errStream(io), 'read')
  const found: PlacedRow[] = []
  const letters = new Map<string, OtherLetters>()
  try {
    const blocks = readFiles(paths, {
      ...reading,
      rejects: 'collect',
      rejectLimit: Number.POSITIVE_INFINITY,
      // Ids are not used here, and every month's file counts from 1.
      duplicateIds: 'accept',
      missingIds: 'accept',
    })
    for await (const { rows, rejects, report } of blocks) {
      for (const row of rows) found.push({ ...row, file: report.name })
      bad.add(report.name, rejects)
      if (report.otherLetters !== undefined) letters.set(report.name, report.otherLetters)
      progress.update(found.length)
      io.signal.throwIfAborted()
    }
  } finally {
    progress.end()
  }
  bad.settle(io)
  for (const [file, others] of letters) io.err(`warning: ${file}: ${describeOtherLetters(others)}\n`)
  return found
}
