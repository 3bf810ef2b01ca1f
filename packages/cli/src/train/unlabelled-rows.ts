import { progressLine } from '@kic/core'
import { errStream } from '../err-stream.ts'
import { createBadRows } from '../input/bad-rows.ts'
import { type InputFormat, openInput } from '../input/read-input.ts'
import type { ReadingOptions } from '../input/reading-options.ts'
import type { Io } from '../io.ts'

/**
 * The texts of files, as they are written. Labels are ignored. Rows that cannot be read are an error, or are left out and counted on standard error.
 *
 * @param caller the command, for messages
 * @throws KicError `cli/bad-rows`, and as `openInput`
 */
export const unlabelledRows = async (
  caller: string,
  paths: readonly string[],
  options: ReadingOptions,
  format: InputFormat,
  io: Io,
): Promise<readonly { readonly text: string }[]> => {
  const bad = createBadRows(caller, options.skipBadRows === true)
  const progress = progressLine(errStream(io), 'read')
  const found: { readonly text: string }[] = []
  try {
    // Recognised one by one, so that each knows its name.
    for (const path of paths) {
      const { rows } = await openInput([path], { ...options, format }, io)
      for await (const row of rows) {
        if ('text' in row) found.push({ text: row.text })
        else bad.add(path, [row.reject])
        progress.update(found.length)
        io.signal.throwIfAborted()
      }
    }
  } finally {
    progress.end()
  }
  bad.settle(io)
  return found
}
