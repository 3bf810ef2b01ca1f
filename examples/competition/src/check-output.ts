import { mkdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { KicError } from '@kic/core'

/**
 * Makes a folder for results, and finds out before anything is computed whether they can be written there.
 *
 * @param files names of the files that will be written into it
 * @throws KicError `example/output` where the folder cannot be made or written to, or has a folder of such a name
 */
export const checkOutput = async (folder: string, files: readonly string[]): Promise<void> => {
  const refused = (what: string, cause?: unknown): KicError =>
    new KicError('example/output', `--output: ${what}. Give a folder that can be written to.`, { cause })
  const probe = join(folder, `.writable-${process.pid}`)
  try {
    await mkdir(folder, { recursive: true })
    await writeFile(probe, '')
    await rm(probe)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw refused(`${folder} must be a folder for results, received ${reason}`, cause)
  }
  for (const file of files) {
    const path = join(folder, file)
    const isFolder = await stat(path).then(
      (stats) => stats.isDirectory(),
      () => false,
    )
    if (isFolder) throw refused(`${path} must be a file, received a folder`)
  }
}
