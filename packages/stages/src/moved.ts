import { rename, rm } from 'node:fs/promises'
import { discardedFolder } from './store-names.ts'

/** Renames; false if there is nothing of that name, because another process was first. */
export const moved = (from: string, to: string): Promise<boolean> =>
  rename(from, to).then(
    () => true,
    (cause: NodeJS.ErrnoException) => {
      if (cause.code === 'ENOENT') return false
      throw cause
    },
  )

/**
 * Deletes a folder of a stage. It loses its name first, so that nobody reads or commits a part of it.
 *
 * @param folder of the stage's result, which names the entry in between
 */
export const discard = async (path: string, folder: string): Promise<void> => {
  const discarded = discardedFolder(folder)
  if (await moved(path, discarded)) await deleted(discarded)
}

/**
 * Deletes what it can: a network file system keeps a folder while a process has one of its files open. The rest is
 * pruned.
 */
export const deleted = (path: string): Promise<void> =>
  rm(path, { recursive: true, force: true }).catch(() => undefined)
