import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { HostTensor } from './host-tensor.ts'
import { saveSafetensors } from './save-safetensors.ts'
import { streamSafetensors } from './stream-safetensors.ts'

const TENSORS: Readonly<Record<string, HostTensor>> = {
  weight: { dtype: 'float32', shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) },
  empty: { dtype: 'int32', shape: [0], data: new Int32Array() },
  features: { dtype: 'int32', shape: [3], data: Int32Array.of(5, 6, 7) },
  mask: { dtype: 'bool', shape: [3], data: Uint8Array.of(1, 0, 1) },
}

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kic-stream-'))
})
afterEach(() => rm(folder, { recursive: true }))

it('writes the bytes that saveSafetensors writes, from one tensor after the other', async () => {
  const [streamed, saved] = [join(folder, 'deep', 'a.safetensors'), join(folder, 'b.safetensors')]
  async function* slowly() {
    for (const entry of Object.entries(TENSORS)) {
      await new Promise((resolve) => setImmediate(resolve))
      yield entry
    }
  }
  await streamSafetensors(streamed, slowly(), { format: 'pt' })
  await saveSafetensors(saved, TENSORS, { format: 'pt' })
  expect((await readFile(streamed)).equals(await readFile(saved))).toBe(true)
  expect(await readdir(join(folder, 'deep'))).toEqual(['a.safetensors'])
})

it('leaves the old file, and nothing beside it, where a tensor cannot be made', async () => {
  const path = join(folder, 'a.safetensors')
  await writeFile(path, 'old')
  function* breaking(): Generator<[string, HostTensor]> {
    yield* Object.entries(TENSORS)
    throw new Error('no more')
  }
  await expect(streamSafetensors(path, breaking())).rejects.toThrow('no more')
  const twice = [...Object.entries(TENSORS), ...Object.entries(TENSORS)]
  await expect(streamSafetensors(path, twice)).rejects.toMatchObject({ code: 'nn/safetensors-duplicate' })
  expect(await readFile(path, 'utf8')).toBe('old')
  expect(await readdir(folder)).toEqual(['a.safetensors'])
})
