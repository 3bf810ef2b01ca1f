import { type FileHandle, open } from 'node:fs/promises'
import { isKicError, KicError } from '@kic/core'
import { readBytes } from './read-bytes.ts'
import {
  LENGTH_BYTES,
  parseSafetensorsHeader,
  type SafetensorsEntry,
  type SafetensorsHeader,
  safetensorsHeaderLength,
} from './safetensors-header.ts'

/** An open safetensors file of which only the header was read. Close it. */
export interface OpenSafetensors extends SafetensorsHeader {
  /** The bytes of one tensor, in memory of their own. */
  read(entry: SafetensorsEntry): Promise<Uint8Array>
  close(): Promise<void>
}

/**
 * Opens a safetensors file and checks its header.
 *
 * @throws KicError `safetensors/file` when it cannot be read, `safetensors/…` for whatever is wrong with its content; each
 * names the path.
 */
export const openSafetensors = async (path: string): Promise<OpenSafetensors> => {
  let file: FileHandle | undefined
  try {
    const handle = await open(path, 'r')
    file = handle
    const { size } = await handle.stat()
    const start = await readBytes(handle, 0, Math.min(size, LENGTH_BYTES))
    const headerLength = safetensorsHeaderLength(start, size)
    const dataStart = LENGTH_BYTES + headerLength
    const header = parseSafetensorsHeader(
      await readBytes(handle, LENGTH_BYTES, headerLength),
      size - dataStart,
    )
    return {
      ...header,
      read: ({ begin, end }) => readBytes(handle, dataStart + begin, end - begin),
      close: () => handle.close(),
    }
  } catch (cause) {
    await file?.close()
    throw namedAfter(path, cause)
  }
}

/** The error, its message led by the file's path. */
export const namedAfter = (path: string, cause: unknown): KicError => {
  const message = cause instanceof Error ? cause.message : String(cause)
  return new KicError(
    isKicError(cause) ? cause.code : 'safetensors/file',
    `loadSafetensors: ${path}: ${message}`,
    {
      cause,
    },
  )
}
