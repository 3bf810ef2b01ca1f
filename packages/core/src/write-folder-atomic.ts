import { randomBytes } from 'node:crypto'
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { CoreErrorCode } from './error-code.ts'
import { followLinks } from './follow-links.ts'
import { isKicError, KicError } from './kic-error.ts'
import { replacementFault } from './replacement-fault.ts'

/**
 * Fills a folder so that readers see the old or the new files, never a mixture: everything is written into a temporary
 * neighbour, which then takes the folder's name. A failure leaves the old folder unchanged.
 *
 * Old files that are not written again stay, unless `replaces` selects them.
 *
 * @param write receives the temporary folder, empty
 * @throws KicError `core/write-failed` with the folder, or the errors of `write`
 */
export const writeFolderAtomic = async (
  path: string,
  write: (temporary: string) => Promise<void>,
  replaces: (name: string) => boolean = () => false,
): Promise<void> => {
  const fault = await replacementFault(path)
  if (fault !== undefined)
    throw new KicError<CoreErrorCode>(
      'core/write-failed',
      `writeFolderAtomic: the folder must be replaceable, received '${path}': ${fault}. Choose another folder.`,
    )
  // A link to the folder stays. Without a trailing slash or dot the path has a name and a parent.
  const folder = await followLinks(path)
  const beside = (suffix: string): string =>
    join(dirname(folder), `.${basename(folder)}.${randomBytes(6).toString('hex')}.${suffix}`)
  const temporary = beside('tmp')
  try {
    await mkdir(temporary, { recursive: true })
    await write(temporary)
    await sync(temporary)
    const written = new Set(await readdir(temporary))
    const kept = (await namesIn(folder)).filter((name) => !written.has(name) && !replaces(name))
    await exchange(temporary, folder, beside('old'), kept)
  } catch (cause) {
    await rm(temporary, { recursive: true, force: true }).catch(() => undefined)
    if (isKicError(cause)) throw cause
    throw new KicError<CoreErrorCode>(
      'core/write-failed',
      `writeFolderAtomic: could not write ${path}: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    )
  }
}

/** The names in a folder; none if it does not exist. */
const namesIn = (folder: string): Promise<readonly string[]> =>
  readdir(folder).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return []
    throw cause
  })

const exchange = async (
  temporary: string,
  folder: string,
  old: string,
  kept: readonly string[],
): Promise<void> => {
  const existed = await rename(folder, old).then(
    () => true,
    (cause: unknown) => {
      if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return false
      throw cause
    },
  )
  try {
    await rename(temporary, folder)
  } catch (cause) {
    if (existed) await rename(old, folder)
    throw cause
  }
  if (!existed) return
  for (const name of kept) await rename(join(old, name), join(folder, name))
  await rm(old, { recursive: true, force: true })
}

/** Flushes everything in the folder to disk before it gets its name. */
const sync = async (folder: string): Promise<void> => {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) await sync(path)
    else if (entry.isFile()) {
      const file = await open(path, 'r')
      await file.sync().finally(() => file.close())
    }
  }
}
