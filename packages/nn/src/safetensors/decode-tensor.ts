import { KicError } from '@kic/core'
import type { HostTensor } from '@kic/engine'
import { fromBfloat16, fromFloat16 } from './half-floats.ts'
import type { SafetensorsEntry } from './safetensors-header.ts'

/**
 * A tensor from its bytes: F32 and I32 are views of them where their alignment allows, F16 and BF16 become float32,
 * I64 and U8 int32, BOOL stays bytes.
 *
 * @param bytes exactly those of the entry, little-endian
 * @throws KicError `nn/safetensors-range` for a 64-bit integer outside of int32, `nn/safetensors-bool`
 */
export const decodeTensor = (entry: SafetensorsEntry, bytes: Uint8Array): HostTensor => {
  const { shape } = entry
  switch (entry.dtype) {
    case 'F32': {
      const aligned = align(bytes, 4)
      return {
        dtype: 'float32',
        shape,
        data: new Float32Array(aligned.buffer, aligned.byteOffset, aligned.length / 4),
      }
    }
    case 'F16':
    case 'BF16': {
      const aligned = align(bytes, 2)
      const halves = new Uint16Array(aligned.buffer, aligned.byteOffset, aligned.length / 2)
      return {
        dtype: 'float32',
        shape,
        data: entry.dtype === 'F16' ? fromFloat16(halves) : fromBfloat16(halves),
      }
    }
    case 'I32': {
      const aligned = align(bytes, 4)
      return {
        dtype: 'int32',
        shape,
        data: new Int32Array(aligned.buffer, aligned.byteOffset, aligned.length / 4),
      }
    }
    case 'I64':
      return { dtype: 'int32', shape, data: narrow(entry.name, align(bytes, 4)) }
    case 'U8':
      return { dtype: 'int32', shape, data: Int32Array.from(bytes) }
    case 'BOOL': {
      const wrong = bytes.findIndex((byte) => byte > 1)
      if (wrong >= 0) {
        throw new KicError(
          'nn/safetensors-bool',
          `readSafetensors: element ${wrong} of ${JSON.stringify(entry.name)} is ${bytes[wrong]}, a BOOL is 0 or 1.`,
        )
      }
      return { dtype: 'bool', shape, data: bytes }
    }
  }
}

/** The same bytes, copied only if they do not start where elements of this size may. */
const align = (bytes: Uint8Array, size: number): Uint8Array =>
  bytes.byteOffset % size === 0 ? bytes : bytes.slice()

/** 64-bit integers, as pairs of words, to 32 bits. */
const narrow = (name: string, bytes: Uint8Array): Int32Array => {
  const words = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4)
  const result = new Int32Array(words.length / 2)
  for (let i = 0; i < result.length; i++) {
    const low = words[2 * i] ?? 0
    const high = words[2 * i + 1] ?? 0
    if (high !== low >> 31) {
      const value = (BigInt(high) << 32n) | BigInt(low >>> 0)
      throw new KicError(
        'nn/safetensors-range',
        `readSafetensors: element ${i} of ${JSON.stringify(name)} is ${value}, which int32 cannot hold.`,
      )
    }
    result[i] = low
  }
  return result
}
