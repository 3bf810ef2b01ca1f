import { randomBytes } from 'node:crypto'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { CoreErrorCode } from './error-code.ts'
import { KicError } from './kic-error.ts'

/** What a file is made of: one piece or several, written in order. */
export type FileContent = string | Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>

/**
 * Writes a file so that a reader sees the old content or the new one, never a part: temporary neighbour, fsync, rename.
 * Missing folders are made.
 *
 * @throws KicError `core/write-failed` naming the path; what stood there before is untouched.
 */
export const writeFileAtomic = async (path: string, content: FileContent): Promise<void> => {
  const folder = dirname(path)
  const temporary = join(folder, `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`)
  try {
    await mkdir(folder, { recursive: true })
    const file = await open(temporary, 'wx')
    try {
      if (typeof content === 'string' || content instanceof Uint8Array) await file.writeFile(content)
      else for await (const piece of content) await file.writeFile(piece)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, path)
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => undefined)
    throw new KicError<CoreErrorCode>(
      'core/write-failed',
      `writeFileAtomic: could not write ${path}: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    )
  }
}
