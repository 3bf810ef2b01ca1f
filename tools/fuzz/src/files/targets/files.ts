import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

/** Valid files that mutations start from: those that PyTorch and safetensors wrote for the tests. */
export const validFile = async (name: string): Promise<Uint8Array> =>
  new Uint8Array(
    await readFile(
      fileURLToPath(new URL(`../../../../../packages/checkpoints/src/__fixtures__/${name}`, import.meta.url)),
    ),
  )
