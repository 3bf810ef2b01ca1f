import { mkdir, open, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import { KicError } from '@kic/core'

/** A file that appears under its name when it is whole; until then, and after a failure, it is called `….partial`. */
export interface OutputFile {
  /** Where the rows written so far stand. */
  readonly partial: string
  write(content: string | Uint8Array): Promise<void>
  /** Gives the file its name. */
  finish(): Promise<void>
  /** Closes it and leaves what was written. */
  keep(): Promise<void>
}

/** @throws KicError `cli/write-failed` where the file cannot be written. */
export const openOutputFile = async (path: string): Promise<OutputFile> => {
  const partial = `${path}.partial`
  const attempt = async <T>(action: () => Promise<T>): Promise<T> => {
    try {
      return await action()
    } catch (cause) {
      throw new KicError(
        'cli/write-failed',
        `kic: could not write ${path}: ${cause instanceof Error ? cause.message : String(cause)}`,
        { cause },
      )
    }
  }
  const file = await attempt(async () => {
    await mkdir(dirname(path), { recursive: true })
    return open(partial, 'w')
  })
  return {
    partial,
    write: (content) => attempt(() => file.appendFile(content)),
    finish: () =>
      attempt(async () => {
        await file.sync()
        await file.close()
        await rename(partial, path)
      }),
    keep: () => file.close(),
  }
}
