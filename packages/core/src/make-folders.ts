import { mkdir, rmdir } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { kindAt } from './kind-at.ts'

/**
 * Creates a folder and its missing parents, one by one: recursive `mkdir` never ends on a file system that refuses new
 * folders as missing, such as /proc.
 *
 * @returns a function that removes those of the created folders that are empty
 */
export const makeFolders = async (folder: string): Promise<() => Promise<void>> => {
  const missing: string[] = []
  for (let at = resolve(folder); (await kindAt(at)) === undefined; at = dirname(at)) missing.unshift(at)
  const made: string[] = []
  const undo = async (): Promise<void> => {
    // Somebody may have put something there meanwhile, so only empty folders are removed.
    for (const at of made.toReversed()) await rmdir(at).catch(() => undefined)
  }
  try {
    for (const at of missing) {
      // Another process may have made it in the meantime.
      if ((await mkdir(at).catch(acceptFolder(at))) !== 'was there') made.push(at)
    }
  } catch (error) {
    await undo()
    throw error
  }
  return undo
}

const acceptFolder =
  (at: string) =>
  async (cause: unknown): Promise<'was there'> => {
    if ((await kindAt(at)) === 'folder') return 'was there'
    throw cause
  }
