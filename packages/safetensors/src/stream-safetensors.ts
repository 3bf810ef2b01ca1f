import { createReadStream } from 'node:fs'
import { mkdir, open, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { KicError } from '@kic/core'
import { writeFileAtomic } from '@kic/core/node'
import { bytesOf, type DescribedTensor, describeTensor, encodeHeader } from './encode-header.ts'
import type { HostTensor } from './host-tensor.ts'

/** Tensors that come one after the other. */
export type TensorStream =
  | Iterable<readonly [name: string, tensor: HostTensor]>
  | AsyncIterable<readonly [name: string, tensor: HostTensor]>

/**
 * Writes tensors to a safetensors file as they are made, so that one at a time is in memory. The file appears whole: until all are
 * there, their bytes are in `<path>.part`.
 *
 * @param tensors different names; booleans last, as other types begin at multiples of four bytes
 * @throws KicError `core/write-failed`, `nn/safetensors-name`, `nn/safetensors-duplicate`, `nn/tensor-size`, and whatever the
 *   making of tensors throws
 */
export const streamSafetensors = async (
  path: string,
  tensors: TensorStream,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> => {
  const part = `${path}.part`
  await mkdir(dirname(path), { recursive: true })
  try {
    const described = await writeBytes(part, tensors)
    await writeFileAtomic(path, joined(encodeHeader(described, metadata), createReadStream(part)))
  } finally {
    await rm(part, { force: true })
  }
}

const writeBytes = async (part: string, tensors: TensorStream): Promise<readonly DescribedTensor[]> => {
  const described = new Map<string, DescribedTensor>()
  const file = await open(part, 'w')
  try {
    for await (const [name, tensor] of tensors) {
      if (described.has(name)) {
        throw new KicError(
          'nn/safetensors-duplicate',
          `streamSafetensors: tensors must have different names, received '${name}' twice. Rename one.`,
        )
      }
      described.set(name, describeTensor(name, tensor))
      await file.writeFile(bytesOf(tensor))
    }
  } finally {
    await file.close()
  }
  return [...described.values()]
}

async function* joined(header: Uint8Array, data: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield header
  yield* data
}
