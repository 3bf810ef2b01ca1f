import { cp, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openCheckpoint } from './open-checkpoint.ts'
import { loadTensors, readTensors } from './read-tensors.ts'

const fixture = (name: string): string => fileURLToPath(new URL(`./__fixtures__/${name}`, import.meta.url))
const INDEX = 'model.safetensors.index.json'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kic-checkpoint-'))
})
afterEach(() => rm(folder, { recursive: true }))

const indexWith = async (change: Readonly<Record<string, string>>): Promise<void> => {
  await cp(fixture('sharded'), folder, { recursive: true })
  const index = JSON.parse(await readFile(join(folder, INDEX), 'utf8'))
  await writeFile(
    join(folder, INDEX),
    JSON.stringify({ ...index, weight_map: { ...index.weight_map, ...change } }),
  )
}

it('reads shards, each tensor from its file in the index', async () => {
  const sharded = await openCheckpoint(fixture('sharded'))
  expect(sharded.files).toEqual(['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors'])
  const names = new Set(sharded.tensors.keys())
  const tensors = await readTensors(sharded, names)
  await sharded.close()
  expect(Object.keys(tensors).length).toBe(42)
  const whole = await loadTensors(fixture('torch-bin/model.safetensors'))
  expect(Object.keys(tensors).sort()).toEqual(
    [...Object.keys(whole), 'roberta.embeddings.position_ids'].sort(),
  )
})

it('skips a tensor of an unsupported type in a shard, unless it is used', async () => {
  const header = Buffer.from(
    JSON.stringify({
      w: { dtype: 'F32', shape: [1], data_offsets: [0, 4] },
      scales: { dtype: 'U32', shape: [1], data_offsets: [4, 8] },
    }),
  )
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(header.length))
  const shard = 'model-00001-of-00001.safetensors'
  await writeFile(join(folder, shard), Buffer.concat([length, header, Buffer.alloc(8)]))
  await writeFile(join(folder, INDEX), JSON.stringify({ weight_map: { w: shard, scales: shard } }))
  const checkpoint = await openCheckpoint(folder)
  try {
    expect(Object.keys(await readTensors(checkpoint, new Set(['w'])))).toEqual(['w'])
    await expect(readTensors(checkpoint, new Set(['scales']))).rejects.toMatchObject({
      code: 'safetensors/tensor-dtype',
      message: expect.stringMatching(/model-00001-of-00001\.safetensors: .*"scales" is of U32/),
    })
  } finally {
    await checkpoint.close()
  }
})

it('prefers safetensors to .bin, and a whole file to shards', async () => {
  await indexWith({})
  await cp(fixture('torch-bin/pytorch_model.bin'), join(folder, 'pytorch_model.bin'))
  const open = async (): Promise<readonly string[]> => {
    const { files, close } = await openCheckpoint(folder)
    await close()
    return files
  }
  expect((await open()).length).toBe(2)
  await cp(fixture('torch-bin/model.safetensors'), join(folder, 'model.safetensors'))
  expect(await open()).toEqual(['model.safetensors'])
  await rm(join(folder, 'model.safetensors'))
  await rm(join(folder, INDEX))
  expect(await open()).toEqual(['pytorch_model.bin'])
  await rename(join(folder, 'pytorch_model.bin'), join(folder, 'pytorch_model-00001-of-00001.bin'))
  const weight_map = { 'classifier.dense.bias': 'pytorch_model-00001-of-00001.bin' }
  await writeFile(join(folder, 'pytorch_model.bin.index.json'), JSON.stringify({ weight_map }))
  expect(Object.keys(await loadTensors(folder))).toEqual(['classifier.dense.bias'])
})

it.each([
  '../model-00001-of-00002.safetensors',
  '/etc/passwd',
  'sub/model.safetensors',
  '..\\model.safetensors',
  '..',
  'C:model.safetensors',
  '.hidden.safetensors',
  'config.json',
])('refuses an index that names %s', async (file) => {
  await indexWith({ 'classifier.dense.bias': file })
  await expect(openCheckpoint(folder)).rejects.toMatchObject({
    code: 'checkpoints/shard-path',
    message: expect.stringContaining(JSON.stringify(file)),
  })
})

it('refuses an index that is damaged or contradicts its shards', async () => {
  await indexWith({ 'classifier.dense.bias': 'model-00001-of-00002.safetensors' })
  await expect(openCheckpoint(folder)).rejects.toMatchObject({ code: 'checkpoints/shard' })
  await indexWith({ more: 'model-00003-of-00003.safetensors' })
  await expect(openCheckpoint(folder)).rejects.toMatchObject({
    code: 'checkpoints/file',
    message: expect.stringContaining('model-00003-of-00003.safetensors'),
  })
  for (const text of ['', '{', '[]', '{"weight_map":{"a":1}}', '{"weight_map":{}}']) {
    await writeFile(join(folder, INDEX), text)
    await expect(openCheckpoint(folder)).rejects.toMatchObject({ code: 'checkpoints/weight-map' })
  }
})

it('reports what prevents opening', async () => {
  await expect(openCheckpoint(join(folder, 'none'))).rejects.toMatchObject({ code: 'checkpoints/file' })
  await writeFile(join(folder, 'tf_model.h5'), '')
  await expect(openCheckpoint(folder)).rejects.toMatchObject({
    code: 'checkpoints/no-weights',
    message: expect.stringContaining('only tf_model.h5'),
  })
  await writeFile(
    join(folder, 'model.safetensors'),
    'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n',
  )
  await expect(openCheckpoint(folder)).rejects.toMatchObject({ code: 'checkpoints/lfs-pointer' })
})
