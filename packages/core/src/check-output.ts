import { randomBytes } from 'node:crypto'
import { open, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileTarget } from './file-target.ts'
import { followLinks } from './follow-links.ts'
import { kindAt } from './kind-at.ts'
import { makeFolders } from './make-folders.ts'
import { partialOf } from './partial-file.ts'
import { replacementFault } from './replacement-fault.ts'
import { isStandardInput, sameFile } from './same-file.ts'
import { unwritable } from './unwritable.ts'

/**
 * Checks that a folder can be written, before anything is computed for it. It leaves nothing behind.
 *
 * @param caller the function or command, for the error
 * @throws KicError `core/output` with the obstacle
 */
export const checkOutputFolder = (caller: string, path: string): Promise<void> =>
  checked(caller, path, async () => {
    const fault = await replacementFault(path)
    if (fault !== undefined) throw new Error(fault)
    const folder = await followLinks(path)
    // `writeFolderAtomic` replaces it, so its parent must be writable too.
    await tryWriting(folder, ...(dirname(folder) === folder ? [] : [dirname(folder)]))
  })

/**
 * Checks that a file can be written, and that neither it nor its `….partial` overwrites an input, before anything is
 * computed for it. It leaves nothing behind.
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
  checked(caller, path, async () => {
    if ((await kindAt(await followLinks(path))) === 'stream')
      throw new Error(
        'it is a device, pipe or socket, not a file; where standard output is the default, leave the output out',
      )
    const file = await fileTarget(path)
    for (const written of [file, partialOf(file)])
      for (const input of inputs)
        if (await (input === '-' ? isStandardInput(written) : sameFile(input, written)))
          throw new Error('it is also an input, which would be lost')
    await tryWriting(dirname(file))
  })

const checked = async (caller: string, path: string, check: () => Promise<void>): Promise<void> => {
  try {
    await check()
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
