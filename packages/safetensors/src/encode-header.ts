import { KicError } from '@kic/core'
import type { HostTensor } from './host-tensor.ts'
import { LENGTH_BYTES } from './safetensors-header.ts'

/** A tensor as a header describes it. */
export interface DescribedTensor extends Pick<HostTensor, 'dtype' | 'shape'> {
  readonly name: string
  readonly byteLength: number
}

const FORMAT_NAME = { float32: 'F32', int32: 'I32', bool: 'BOOL' } as const
const ARRAY = { float32: Float32Array, int32: Int32Array, bool: Uint8Array } as const

/** The header of tensors that follow it in this order. */
export const encodeHeader = (
  tensors: readonly DescribedTensor[],
  metadata: Readonly<Record<string, string>>,
): Uint8Array => {
  const header = new Map<string, unknown>()
  if (Object.keys(metadata).length > 0) header.set('__metadata__', metadata)
  let offset = 0
  for (const { name, dtype, shape, byteLength } of tensors) {
    header.set(name, { dtype: FORMAT_NAME[dtype], shape, data_offsets: [offset, offset + byteLength] })
    offset += byteLength
  }
  return framed(JSON.stringify(Object.fromEntries(header)))
}

/** Length and text, padded with spaces so that the data begins at a multiple of eight. */
const framed = (json: string): Uint8Array => {
  const text = new TextEncoder().encode(json)
  const length = Math.ceil(text.length / LENGTH_BYTES) * LENGTH_BYTES
  const bytes = new Uint8Array(LENGTH_BYTES + length).fill(0x20)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true)
  bytes.set(text, LENGTH_BYTES)
  return bytes
}

/**
 * A tensor's description.
 *
 * @throws KicError `nn/safetensors-name`, `nn/tensor-size`
 */
export const describeTensor = (name: string, { dtype, shape, data }: HostTensor): DescribedTensor => {
  if (name === '__metadata__' || name === '__proto__') {
    throw new KicError(
      'nn/safetensors-name',
      `encodeSafetensors: a tensor cannot be called '${name}'; rename it.`,
    )
  }
  const size = shape.reduce((product, axis) => product * axis, 1)
  if (size !== data.length || !(data instanceof ARRAY[dtype])) {
    throw new KicError(
      'nn/tensor-size',
      `encodeSafetensors: '${name}' is ${dtype} [${shape}] with ${size} elements, its data is a ${data.constructor.name} of ${data.length}.`,
    )
  }
  return { name, dtype, shape, byteLength: data.byteLength }
}

/** The bytes of a tensor: a view of its own memory. */
export const bytesOf = ({ data }: HostTensor): Uint8Array =>
  new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
