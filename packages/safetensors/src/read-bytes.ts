import type { FileHandle } from 'node:fs/promises'
import { KicError } from '@kic/core'
import type { SafetensorsErrorCode } from './error-code.ts'

/** Largest single read: Node's own limit is 2 GiB. */
const CHUNK_BYTES = 1024 ** 3

/**
 * Bytes of an open file, in memory of their own.
 *
 * @throws KicError `safetensors/file-truncated` when the file ends before.
 */
export const readBytes = async (file: FileHandle, position: number, length: number): Promise<Uint8Array> => {
  // Not zeroed first, which would cost a second pass; handed out only when all of it is read.
  const memory = Buffer.allocUnsafeSlow(length)
  const bytes = new Uint8Array(memory.buffer, memory.byteOffset, length)
  let done = 0
  while (done < length) {
    const { bytesRead } = await file.read(bytes, done, Math.min(CHUNK_BYTES, length - done), position + done)
    if (bytesRead === 0) {
      throw new KicError<SafetensorsErrorCode>(
        'safetensors/file-truncated',
        `the file ended at byte ${position + done}, while bytes ${position} to ${position + length} were read.`,
      )
    }
    done += bytesRead
  }
  return bytes
}
