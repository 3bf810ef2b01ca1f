import type { HostTensor, HostTensors } from '@kic/safetensors'
import { refusedTensor } from './refused-tensor.ts'

/**
 * Bytes as an int32 tensor: their number, then four in each element, little-endian. Reading them back copies nothing, where
 * a tensor of bytes would become one of 32-bit integers.
 */
export const packedBytes = (bytes: Uint8Array): HostTensor => {
  const data = new Int32Array(1 + Math.ceil(bytes.length / 4))
  data[0] = bytes.length
  new Uint8Array(data.buffer, 4).set(bytes)
  return { dtype: 'int32', shape: [data.length], data }
}

/**
 * The bytes of a packed tensor, a view of it.
 *
 * @throws KicError `ngram/file`
 */
export const unpackedBytes = (tensors: HostTensors, name: string): Uint8Array => {
  const data = tensors[name]?.data
  const length = data?.[0] ?? -1
  if (data instanceof Int32Array && length >= 0 && data.length === 1 + Math.ceil(length / 4))
    return new Uint8Array(data.buffer, data.byteOffset + 4, length)
  throw refusedTensor(name, 'packed bytes', data === undefined ? 'none' : 'others')
}
