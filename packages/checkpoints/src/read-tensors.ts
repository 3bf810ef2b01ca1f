import type { HostTensor, HostTensors } from '@kic/safetensors'
import { decodeTensor } from '@kic/safetensors'
import { openCheckpoint } from './open-checkpoint.ts'
import type { TensorFile } from './tensor-file.ts'

/**
 * Reads the named tensors of an open file: floating point of any width becomes float32, integers int32. Tied tensors
 * are one object under several names.
 *
 * @throws KicError `safetensors/tensor-range`, `safetensors/tensor-bool`, and errors of reading
 */
export const readTensors = async (file: TensorFile, names: ReadonlySet<string>): Promise<HostTensors> => {
  const read = new Map<string, HostTensor>()
  for await (const { tensors, bytes } of file.read(names)) {
    const [first] = tensors
    if (first === undefined) continue
    const tensor = decodeTensor(first, bytes)
    for (const { name } of tensors) read.set(name, tensor)
  }
  const inOrder = [...file.tensors.keys()].flatMap((name) => {
    const tensor = read.get(name)
    return tensor === undefined ? [] : [[name, tensor] as const]
  })
  return Object.fromEntries(inOrder)
}

/**
 * All tensors of a folder or file, see `openCheckpoint`.
 *
 * @throws KicError as `openCheckpoint` and `readTensors`
 */
export const loadTensors = async (path: string): Promise<HostTensors> => {
  const file = await openCheckpoint(path)
  try {
    return await readTensors(file, new Set(file.tensors.keys()))
  } finally {
    await file.close()
  }
}
