import { KicError } from '@kic/core'
import type { SafetensorsErrorCode } from './error-code.ts'
import { fromBfloat16, fromFloat16 } from './half-floats.ts'
import type { DType, HostTensor } from './host-tensor.ts'
import { type StoredTensor, storedDType } from './stored-tensor.ts'

/**
 * A tensor from its bytes: F32 and I32 are views of them where their alignment allows, F16, BF16 and F64 become float32
 * (F64 rounded to nearest), I64, I16, I8 and U8 int32, BOOL stays bytes.
 *
 * @param bytes exactly those of the tensor, little-endian
 * @throws KicError `safetensors/tensor-dtype` for a type that is not read, `safetensors/tensor-range` for a 64-bit integer outside of int32,
 * `safetensors/tensor-bool`
 */
export const decodeTensor = (stored: StoredTensor, bytes: Uint8Array): HostTensor => {
  const { shape } = stored
  const dtype = storedDType(stored)
  switch (dtype) {
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
        data: dtype === 'F16' ? fromFloat16(halves) : fromBfloat16(halves),
      }
    }
    case 'F64': {
      const aligned = align(bytes, 8)
      const doubles = new Float64Array(aligned.buffer, aligned.byteOffset, aligned.length / 8)
      return { dtype: 'float32', shape, data: Float32Array.from(doubles) }
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
      return { dtype: 'int32', shape, data: narrow(stored.name, align(bytes, 4)) }
    case 'I16': {
      const aligned = align(bytes, 2)
      const shorts = new Int16Array(aligned.buffer, aligned.byteOffset, aligned.length / 2)
      return { dtype: 'int32', shape, data: Int32Array.from(shorts) }
    }
    case 'I8':
      return {
        dtype: 'int32',
        shape,
        data: Int32Array.from(new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length)),
      }
    case 'U8':
      return { dtype: 'int32', shape, data: Int32Array.from(bytes) }
    case 'BOOL': {
      const wrong = bytes.findIndex((byte) => byte > 1)
      if (wrong >= 0) {
        throw new KicError<SafetensorsErrorCode>(
          'safetensors/tensor-bool',
          `decodeTensor: element ${wrong} of ${JSON.stringify(stored.name)} is ${bytes[wrong]}, a BOOL is 0 or 1.`,
        )
      }
      return { dtype: 'bool', shape, data: bytes }
    }
  }
}

/**
 * The type that `decodeTensor` makes of a stored tensor.
 *
 * @throws KicError `safetensors/tensor-dtype` for a type that is not read
 */
export const hostDType = (stored: Pick<StoredTensor, 'name' | 'dtype'>): DType => {
  const dtype = storedDType(stored)
  if (dtype === 'BOOL') return 'bool'
  return dtype.startsWith('F') || dtype === 'BF16' ? 'float32' : 'int32'
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
      throw new KicError<SafetensorsErrorCode>(
        'safetensors/tensor-range',
        `decodeTensor: element ${i} of ${JSON.stringify(name)} is ${value}, which int32 cannot hold.`,
      )
    }
    result[i] = low
  }
  return result
}
