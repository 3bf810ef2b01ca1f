import { decodeTensor } from './decode-tensor.ts'
import type { HostTensor } from './host-tensor.ts'
import { namedAfter, openSafetensors } from './open-safetensors.ts'
import type { ReadSafetensorsOptions, SafetensorsFile } from './read-safetensors.ts'
import { storedDType } from './stored-tensor.ts'

/** Tensors that are not read stay on disk. */
export type LoadSafetensorsOptions = ReadSafetensorsOptions

/**
 * Reads a safetensors file from disk, each tensor straight into memory of its own: files beyond 2 GiB work, and no
 * second copy is held.
 *
 * @throws KicError `safetensors/file` when it cannot be read, `safetensors/…` and `safetensors/tensor-…` for whatever is wrong with its
 * content; each names the path.
 */
export const loadSafetensors = async (
  path: string,
  options: LoadSafetensorsOptions = {},
): Promise<SafetensorsFile> => {
  const only = options.only ?? (() => true)
  const file = await openSafetensors(path)
  try {
    const tensors = new Map<string, HostTensor>()
    for (const entry of file.entries) {
      if (!only(entry.name)) continue
      storedDType(entry) // before its bytes are read for nothing
      tensors.set(entry.name, decodeTensor(entry, await file.read(entry)))
    }
    return { tensors: Object.fromEntries(tensors), metadata: file.metadata }
  } catch (cause) {
    throw namedAfter(path, cause)
  } finally {
    await file.close()
  }
}
