import { type FileHandle, open } from 'node:fs/promises'
import { KicError } from '@kic/core'
import type { HostTensor } from '@kic/engine'
import { decodeTensor } from './decode-tensor.ts'
import type { SafetensorsFile } from './read-safetensors.ts'
import { LENGTH_BYTES, parseSafetensorsHeader, safetensorsHeaderLength } from './safetensors-header.ts'

export interface LoadSafetensorsOptions {
  /** Which tensors to read; the others are checked but stay on disk. Default: all. */
  readonly only?: (name: string) => boolean
}

/** Largest single read: Node's own limit is 2 GiB. */
const CHUNK_BYTES = 1024 ** 3

/**
 * Reads a safetensors file from disk, each tensor straight into memory of its own: files beyond 2 GiB work, and no
 * second copy is held.
 *
 * @throws KicError `nn/file` when it cannot be read, `nn/safetensors-…` for whatever is wrong with its content; each
 * names the path.
 */
export const loadSafetensors = async (
  path: string,
  options: LoadSafetensorsOptions = {},
): Promise<SafetensorsFile> => {
  let file: FileHandle | undefined
  try {
    file = await open(path, 'r')
    return await loadFrom(file, options.only ?? (() => true))
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause)
    const code = cause instanceof KicError ? cause.code : 'nn/file'
    throw new KicError(code, `loadSafetensors: ${path}: ${message}`, { cause })
  } finally {
    await file?.close()
  }
}

const loadFrom = async (file: FileHandle, only: (name: string) => boolean): Promise<SafetensorsFile> => {
  const { size } = await file.stat()
  const start = await read(file, 0, Math.min(size, LENGTH_BYTES))
  const headerLength = safetensorsHeaderLength(start, size)
  const dataStart = LENGTH_BYTES + headerLength
  const header = parseSafetensorsHeader(await read(file, LENGTH_BYTES, headerLength), size - dataStart)
  const tensors = new Map<string, HostTensor>()
  for (const entry of header.entries) {
    if (!only(entry.name)) continue
    tensors.set(
      entry.name,
      decodeTensor(entry, await read(file, dataStart + entry.begin, entry.end - entry.begin)),
    )
  }
  return { tensors: Object.fromEntries(tensors), metadata: header.metadata }
}

const read = async (file: FileHandle, position: number, length: number): Promise<Uint8Array> => {
  const bytes = new Uint8Array(length)
  let done = 0
  while (done < length) {
    const { bytesRead } = await file.read(bytes, done, Math.min(CHUNK_BYTES, length - done), position + done)
    if (bytesRead === 0) {
      throw new KicError(
        'nn/safetensors-truncated',
        `the file ended at byte ${position + done}, while it was read.`,
      )
    }
    done += bytesRead
  }
  return bytes
}
