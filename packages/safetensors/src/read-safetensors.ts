import { decodeTensor } from './decode-tensor.ts'
import type { HostTensor, HostTensors } from './host-tensor.ts'
import { LENGTH_BYTES, parseSafetensorsHeader, safetensorsHeaderLength } from './safetensors-header.ts'

/** What a safetensors file holds. */
export interface SafetensorsFile {
  readonly tensors: HostTensors
  /** The texts of `__metadata__`. */
  readonly metadata: Readonly<Record<string, string>>
}

export interface ReadSafetensorsOptions {
  /** Which tensors to read; of the others only the header is checked. Default: all. */
  readonly only?: ((name: string) => boolean) | undefined
}

/**
 * Reads a safetensors file from memory; https://github.com/huggingface/safetensors#format. Nothing in it is trusted.
 *
 * F32 and I32 tensors are views of `bytes` where alignment allows, so a change of one is a change of the other.
 *
 * @throws KicError with a code `safetensors/…` for whatever is wrong with the file, `safetensors/tensor-…` for a tensor whose
 * values cannot be read, such as `safetensors/tensor-dtype` for one of a type that is not read.
 */
export const readSafetensors = (
  bytes: Uint8Array,
  { only = () => true }: ReadSafetensorsOptions = {},
): SafetensorsFile => {
  const dataStart = LENGTH_BYTES + safetensorsHeaderLength(bytes, bytes.length)
  const header = parseSafetensorsHeader(bytes.subarray(LENGTH_BYTES, dataStart), bytes.length - dataStart)
  const tensors = new Map<string, HostTensor>()
  for (const entry of header.entries) {
    if (!only(entry.name)) continue
    tensors.set(
      entry.name,
      decodeTensor(entry, bytes.subarray(dataStart + entry.begin, dataStart + entry.end)),
    )
  }
  return { tensors: Object.fromEntries(tensors), metadata: header.metadata }
}
