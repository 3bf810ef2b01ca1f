import { randomBytes } from 'node:crypto'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { CoreErrorCode } from './error-code.ts'
import { fileTarget } from './file-target.ts'
import { KicError } from './kic-error.ts'

/** The content of a file: one piece or several, written in order. */
export type FileContent = string | Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>

/**
 * Writes a file so that readers see the old or the new content, never a part: temporary neighbour, fsync, rename.
 * Missing folders are created. A symbolic link stays, and what it leads to is replaced.
 *
 * @throws KicError `core/write-failed` with the path, also for a device, pipe or socket; the old file is untouched
 */
export const writeFileAtomic = async (path: string, content: FileContent): Promise<void> => {
  let temporary: string | undefined
  try {
    const target = await fileTarget(path)
    const folder = dirname(target)
    temporary = join(folder, `.${basename(target)}.${randomBytes(6).toString('hex')}.tmp`)
    await mkdir(folder, { recursive: true })
    const file = await open(temporary, 'wx')
    try {
      if (typeof content === 'string' || content instanceof Uint8Array) await file.writeFile(content)
      else for await (const piece of content) await file.writeFile(piece)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, target)
  } catch (cause) {
    if (temporary !== undefined) await rm(temporary, { force: true }).catch(() => undefined)
    throw new KicError<CoreErrorCode>(
      'core/write-failed',
      `writeFileAtomic: could not write ${path}: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    )
  }
}
