import { mkdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { KicError } from '@kic/core'

/**
 * Creates the folder for results, and checks before any computation that it is writable.
 *
 * @param files names of the result files
 * @throws KicError `example/output` if the folder cannot be created or written, or has a folder with such a name
 */
export const checkOutput = async (folder: string, files: readonly string[]): Promise<void> => {
  const refused = (what: string, cause?: unknown): KicError =>
    new KicError('example/output', `--output: ${what}. Choose a writable folder.`, { cause })
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
