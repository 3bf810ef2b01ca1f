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
 * All rows of files with labels. Unreadable rows are an error, or are left out and counted on standard error. A warning tells
 * of labels that are answers of `kic predict`.
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
  const answered = new Map<string, readonly string[]>()
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
      if (report.answered !== undefined) answered.set(report.name, report.answered)
      progress.update(found.length)
      io.signal.throwIfAborted()
    }
  } finally {
    progress.end()
  }
  bad.settle(io)
  for (const [file, others] of letters) io.err(`warning: ${file}: ${describeOtherLetters(others)}\n`)
  for (const [file, columns] of answered) io.err(describeAnswered(file, columns))
  return found
}

/** Answers that nobody corrected agree with their model, whatever it is worth. */
const describeAnswered = (file: string, columns: readonly string[]): string => {
  const [example = ''] = columns
  return (
    `warning: ${file}: ${columns.join(', ')} ${columns.length === 1 ? 'has' : 'have'} answers of kic predict, which count as true ` +
    `labels here. Unless somebody corrected them, name the true ones, as with --columns "text=text,${example}=${example} (input)".\n`
  )
}
