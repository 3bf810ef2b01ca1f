import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { loadSafetensors } from './load-safetensors.ts'
import { readSafetensors } from './read-safetensors.ts'
import { saveSafetensors } from './save-safetensors.ts'

const golden = fileURLToPath(new URL('./__fixtures__/masked-lm.safetensors', import.meta.url))

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kic-safetensors-'))
})
afterEach(() => rm(folder, { recursive: true }))

it('reads a file of Hugging Face, and writes the same tensors again', async () => {
  const { tensors, metadata } = await loadSafetensors(golden)
  expect(metadata).toEqual({ format: 'pt' })
  expect(tensors['lm_head.bias']?.shape).toEqual([120])
  const inMemory = readSafetensors(await readFile(golden))
  expect(tensors).toEqual(inMemory.tensors)
  const path = join(folder, 'deep', 'copy.safetensors')
  await saveSafetensors(path, tensors, metadata)
  expect(await loadSafetensors(path)).toEqual({ tensors, metadata })
  const once = await readFile(path)
  await saveSafetensors(path, (await loadSafetensors(path)).tensors, metadata)
  expect((await readFile(path)).equals(once)).toBe(true)
  expect(await readdir(join(folder, 'deep'))).toEqual(['copy.safetensors'])
})

it('reads only what is asked for', async () => {
  const { tensors } = await loadSafetensors(golden, {
    only: (name) => name.startsWith('lm_head.layer_norm.'),
  })
  expect(Object.keys(tensors)).toEqual(['lm_head.layer_norm.weight', 'lm_head.layer_norm.bias'])
})

it('passes over a tensor of a type that is not read, and refuses it by its type once it is asked for', async () => {
  const path = join(folder, 'model.safetensors')
  const header = Buffer.from(
    JSON.stringify({
      w: { dtype: 'F32', shape: [1], data_offsets: [0, 4] },
      x: { dtype: 'F8_E4M3', shape: [4], data_offsets: [4, 8] },
    }),
  )
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(header.length))
  await writeFile(
    path,
    Buffer.concat([length, header, Buffer.from(Float32Array.of(7).buffer), Buffer.alloc(4)]),
  )
  expect((await loadSafetensors(path, { only: (name) => name === 'w' })).tensors).toEqual({
    w: { dtype: 'float32', shape: [1], data: Float32Array.of(7) },
  })
  await expect(loadSafetensors(path)).rejects.toMatchObject({
    code: 'safetensors/tensor-dtype',
    message: expect.stringMatching(/model\.safetensors: .*"x" is of F8_E4M3/),
  })
})

it('names the path of a file that is missing, cut off or something else', async () => {
  const path = join(folder, 'model.safetensors')
  await expect(loadSafetensors(path)).rejects.toMatchObject({
    code: 'safetensors/file',
    message: expect.stringContaining(path),
  })
  await writeFile(path, await readFile(golden))
  await truncate(path, 50_000)
  await expect(loadSafetensors(path)).rejects.toMatchObject({
    code: 'safetensors/offsets',
    message: expect.stringContaining(path),
  })
  await writeFile(path, 'PK not a safetensors file')
  await expect(loadSafetensors(path)).rejects.toMatchObject({ code: 'safetensors/header-length' })
  await writeFile(path, '')
  await expect(loadSafetensors(path)).rejects.toMatchObject({ code: 'safetensors/truncated' })
  await expect(loadSafetensors(folder)).rejects.toMatchObject({ code: 'safetensors/file' })
})
