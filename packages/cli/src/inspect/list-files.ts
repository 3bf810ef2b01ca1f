import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { KicError } from '@kic/core'
import type { CliErrorCode } from '../error-code.ts'
import type { Inspection } from './inspection.ts'

/**
 * The files of a folder and their sizes, sorted by path.
 *
 * @throws KicError `cli/no-folder`
 */
export const listFiles = async (folder: string): Promise<Inspection['files']> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((cause: unknown) => {
    throw new KicError<CliErrorCode>(
      'cli/no-folder',
      `kic inspect: the model must be a readable folder, received ${folder}. Check the path.`,
      { cause },
    )
  })
  const files = entries
    .filter((entry) => entry.isFile())
    .map(async (entry) => {
      const path = join(entry.parentPath, entry.name)
      return { path: path.slice(folder.length + 1), bytes: (await stat(path)).size }
    })
  return (await Promise.all(files)).sort((a, b) => a.path.localeCompare(b.path))
}
