import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openTensorFile, readTensors } from '@kic/checkpoints/node'
import fc from 'fast-check'
import { judge } from '../judge.ts'
import { mutation } from '../mutations.ts'
import type { Target } from '../target.ts'
import { validFile } from './files.ts'

/** A whole torch file on disk, opened and read as users do. */
const torchFile = (name: string, sources: readonly string[], within: number): Target => ({
  name,
  inputs: async () => {
    const files = await Promise.all(sources.map(validFile))
    return fc.tuple(fc.constantFrom(...files), mutation(within)).map(([file, mutate]) => mutate(file))
  },
  check: (bytes, folder) => {
    const path = join(folder, 'mutated.bin')
    return judge(bytes.length, async () => {
      await writeFile(path, bytes)
      return readAll(path)
    })
  },
})

/** Every tensor, and the bytes of them all; tied ones count once. */
export const readAll = async (path: string): Promise<{ bytes: number }> => {
  const file = await openTensorFile(path)
  try {
    const tensors = Object.values(await readTensors(file, new Set(file.tensors.keys())))
    for (const { shape, data } of tensors) {
      const elements = shape.reduce((product, size) => product * size, 1)
      if (elements !== data.length) {
        throw new Error(`a tensor of [${shape}] has ${data.length} elements`)
      }
    }
    return { bytes: [...new Set(tensors)].reduce((sum, { data }) => sum + data.byteLength, 0) }
  } finally {
    await file.close()
  }
}

const ZIP = [
  'torch-bin/edge_tensors.bin',
  'torch-bin/shared_storage_mlm.bin',
  'torch-bin/malicious_hidden.bin',
]
const LEGACY = [
  'torch-bin/edge_tensors_legacy.bin',
  'torch-bin/pytorch_model_legacy.bin',
  'torch-bin/malicious_legacy.bin',
]

export const torchZip = torchFile('torch-zip', ZIP, 2_000)
export const torchLegacy = torchFile('torch-legacy', LEGACY, 1_700)
