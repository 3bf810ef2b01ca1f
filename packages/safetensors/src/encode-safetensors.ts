import { KicError } from '@kic/core'
import type { SafetensorsErrorCode } from './error-code.ts'
import type { HostTensor, HostTensors } from './host-tensor.ts'
import { LENGTH_BYTES } from './safetensors-header.ts'

/**
 * A safetensors file in pieces: the header, then a view of each tensor's own memory, so that nothing is copied.
 *
 * Tensors keep their order, apart from booleans, which come last so that all others stay aligned.
 *
 * @throws KicError `safetensors/name`, `safetensors/tensor-size` before the first piece.
 */
export const encodeSafetensors = (
  tensors: HostTensors,
  metadata: Readonly<Record<string, string>> = {},
): readonly Uint8Array[] => {
  const entries = Object.entries(tensors)
  for (const [name, tensor] of entries) check(name, tensor)
  const ordered = [
    ...entries.filter(([, tensor]) => tensor.dtype !== 'bool'),
    ...entries.filter(([, tensor]) => tensor.dtype === 'bool'),
  ]
  const header = new Map<string, unknown>()
  if (Object.keys(metadata).length > 0) header.set('__metadata__', metadata)
  let offset = 0
  for (const [name, { dtype, shape, data }] of ordered) {
    header.set(name, { dtype: FORMAT_NAME[dtype], shape, data_offsets: [offset, offset + data.byteLength] })
    offset += data.byteLength
  }
  return [
    encodeHeader(JSON.stringify(Object.fromEntries(header))),
    ...ordered.map(([, { data }]) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength)),
  ]
}

const FORMAT_NAME = { float32: 'F32', int32: 'I32', bool: 'BOOL' } as const
const ARRAY = { float32: Float32Array, int32: Int32Array, bool: Uint8Array } as const

/** Length and text, padded with spaces so that the data begins at a multiple of eight. */
const encodeHeader = (json: string): Uint8Array => {
  const text = new TextEncoder().encode(json)
  const length = Math.ceil(text.length / LENGTH_BYTES) * LENGTH_BYTES
  const bytes = new Uint8Array(LENGTH_BYTES + length).fill(0x20)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true)
  bytes.set(text, LENGTH_BYTES)
  return bytes
}

const check = (name: string, { dtype, shape, data }: HostTensor): void => {
  if (name === '__metadata__' || name === '__proto__') {
    throw new KicError<SafetensorsErrorCode>(
      'safetensors/name',
      `encodeSafetensors: a tensor cannot be called '${name}'; rename it.`,
    )
  }
  const size = shape.reduce((product, axis) => product * axis, 1)
  if (size !== data.length || !(data instanceof ARRAY[dtype])) {
    throw new KicError<SafetensorsErrorCode>(
      'safetensors/tensor-size',
      `encodeSafetensors: '${name}' is ${dtype} [${shape}] with ${size} elements, its data is a ${data.constructor.name} of ${data.length}.`,
    )
  }
}
