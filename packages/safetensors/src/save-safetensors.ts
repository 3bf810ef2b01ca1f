import { writeFileAtomic } from '@kic/core/node'
import { encodeSafetensors } from './encode-safetensors.ts'
import type { HostTensors } from './host-tensor.ts'

/**
 * Writes a safetensors file atomically: a reader sees the old file or the new one, never a part.
 *
 * @param metadata texts for `__metadata__`; Hugging Face's loaders want `{ format: 'pt' }`
 * @throws KicError `core/write-failed`, `safetensors/name`, `safetensors/tensor-size`
 */
export const saveSafetensors = async (
  path: string,
  tensors: HostTensors,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> => writeFileAtomic(path, encodeSafetensors(tensors, metadata))
