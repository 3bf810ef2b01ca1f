import { randomBytes } from 'node:crypto'
import { open, rm } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { kindAt, makeFolders } from './make-folders.ts'
import { replacementFault } from './replacement-fault.ts'
import { unwritable } from './unwritable.ts'

/**
 * Checks that a folder can be written, before anything is computed for it. It leaves nothing behind.
 *
 * @param caller the function or command, for the error
 * @throws KicError `core/output` with the obstacle
 */
export const checkOutputFolder = (caller: string, path: string): Promise<void> =>
  checked(caller, path, async (folder) => {
    const fault = await replacementFault(path)
    if (fault !== undefined) throw new Error(fault)
    // `writeFolderAtomic` replaces it, so its parent must be writable too.
    await tryWriting(folder, ...(dirname(folder) === folder ? [] : [dirname(folder)]))
  })

/**
 * Checks that a file can be written and overwrites no input, before anything is computed for it. It leaves nothing behind.
 *
 * @param caller the function or command, for the error
 * @param inputs paths of files that are read; '-' is standard input
 * @throws KicError `core/output` with the obstacle
 */
export const checkOutputFile = (
  caller: string,
  path: string,
  inputs: readonly string[] = [],
): Promise<void> =>
  checked(caller, path, async (file) => {
    if ((await kindAt(file)) === 'folder') throw new Error('it is a folder, not a file')
    if (inputs.some((input) => input !== '-' && resolve(input) === file))
      throw new Error('it is also an input, which would be lost')
    await tryWriting(dirname(file))
  })

const checked = async (
  caller: string,
  path: string,
  check: (resolved: string) => Promise<void>,
): Promise<void> => {
  try {
    await check(resolve(path))
  } catch (cause) {
    throw unwritable(caller, path, cause)
  }
}

/** Writes an empty file into folders, of which the first is made if it is missing, and removes it. */
const tryWriting = async (folder: string, ...others: readonly string[]): Promise<void> => {
  const undo = await makeFolders(folder)
  try {
    for (const at of [folder, ...others]) {
      const probe = join(at, `.kic-${randomBytes(6).toString('hex')}.tmp`)
      const file = await open(probe, 'wx')
      await file.close()
      await rm(probe)
    }
  } finally {
    await undo()
  }
}
