import { crc32 } from 'node:zlib'
import { KicError } from '@kic/core'
import type { CheckpointsErrorCode } from '../error-code.ts'

/**
 * Compares bytes with their checksum, if there is one.
 *
 * @throws KicError `checkpoints/checksum`
 */
export const verifyCrc32 = (name: string, bytes: Uint8Array, expected: number | undefined): void => {
  if (expected === undefined) return
  const actual = crc32(bytes)
  if (actual !== expected) {
    throw new KicError<CheckpointsErrorCode>(
      'checkpoints/checksum',
      `openTorch: ${JSON.stringify(name.slice(0, 200))} has CRC-32 ${hex(actual)}, the archive says ${hex(expected)}. The file is damaged: copy or download it again.`,
    )
  }
}

const hex = (value: number): string => value.toString(16).padStart(8, '0')
