import { open, rename } from 'node:fs/promises'
import { KicError } from '@kic/core'
import { partialFile } from '@kic/core/node'
import type { CliErrorCode } from '../error-code.ts'

/** A file that appears under its name once it is complete. Until then, and after a failure, it is called `….partial`. */
export interface OutputFile {
  /** The path of the rows written so far. */
  readonly partial: string
  write(content: string | Uint8Array): Promise<void>
  /** Gives the file its name. */
  finish(): Promise<void>
  /** Closes the file and keeps its content. */
  keep(): Promise<void>
}

/** @throws KicError `cli/write-failed` if the file cannot be written. */
export const openOutputFile = async (path: string): Promise<OutputFile> => {
  const attempt = async <T>(action: () => Promise<T>): Promise<T> => {
    try {
      return await action()
    } catch (cause) {
      throw new KicError<CliErrorCode>(
        'cli/write-failed',
        `kic: the output must be writable, received ${path}: ${cause instanceof Error ? cause.message : String(cause)}. Check permissions and disk space.`,
        { cause },
      )
    }
  }
  const { partial, target, file } = await attempt(async () => {
    const place = await partialFile(path)
    return { ...place, file: await open(place.partial, 'wx') }
  })
  return {
    partial,
    write: (content) => attempt(() => file.appendFile(content)),
    finish: () =>
      attempt(async () => {
        await file.sync()
        await file.close()
        await rename(partial, target)
      }),
    keep: () => file.close(),
  }
}
