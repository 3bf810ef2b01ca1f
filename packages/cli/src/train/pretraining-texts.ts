import { createBadRows } from '../input/bad-rows.ts'
import { type InputFormat, openInput } from '../input/read-input.ts'
import type { ReadingOptions } from '../input/reading-options.ts'
import type { Io } from '../io.ts'
import { progressLine } from '../progress-line.ts'

/**
 * The texts of files. Rows that cannot be read are an error, or are left out and counted on standard error.
 *
 * @throws KicError `cli/bad-rows`, and as `openInput`
 */
export const pretrainingTexts = async (
  paths: readonly string[],
  options: ReadingOptions,
  format: InputFormat,
  io: Io,
): Promise<readonly string[]> => {
  const bad = createBadRows('kic tapt', options.skipBadRows === true)
  const progress = progressLine(io, 'read')
  const texts: string[] = []
  try {
    // Recognised one by one, so that each knows its name.
    for (const path of paths) {
      const { rows } = await openInput([path], { ...options, format }, io)
      for await (const row of rows) {
        if ('text' in row) texts.push(row.text)
        else bad.add(path, [row.reject])
        progress.update(texts.length)
        io.signal.throwIfAborted()
      }
    }
  } finally {
    progress.end()
  }
  bad.settle(io)
  return texts
}
