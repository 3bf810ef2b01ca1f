import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { legacyFile, type MadeTensor, stateDictPickle } from '../__fixtures__/legacy-file.ts'
import { openTensorFile } from '../open-tensor-file.ts'
import { readTensors } from '../read-tensors.ts'
import { openTorch } from './open-torch.ts'

const fixture = (name: string): string =>
  fileURLToPath(new URL(`../__fixtures__/torch-bin/${name}`, import.meta.url))

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kic-torch-'))
})
afterEach(() => rm(folder, { recursive: true }))

/** Every tensor of a file in its stored form: type, shape and bytes. */
const contentOf = async (path: string, leaveOut: (name: string) => boolean = () => false) => {
  const file = await openTensorFile(path)
  const content: Record<string, string> = {}
  try {
    for await (const { tensors, bytes } of file.read(new Set(file.tensors.keys()))) {
      for (const { name, dtype, shape } of tensors) {
        if (!leaveOut(name)) content[name] = `${dtype} [${shape}] ${Buffer.from(bytes).toString('hex')}`
      }
    }
    return content
  } finally {
    await file.close()
  }
}

const opened = async (bytes: Uint8Array): Promise<void> => {
  const path = join(folder, 'file.bin')
  await writeFile(path, bytes)
  const file = await openTorch(path)
  try {
    await readTensors(file, new Set(file.tensors.keys()))
  } finally {
    await file.close()
  }
}

describe('openTorch', () => {
  it.each([
    ['edge_tensors.bin', 'edge_tensors.expected.safetensors'],
    ['edge_tensors_legacy.bin', 'edge_tensors.expected.safetensors'],
    ['shared_storage_mlm.bin', 'shared_storage_mlm.expected.safetensors'],
  ])('reads %s as PyTorch does, bit for bit', async (file, expected) => {
    const content = await contentOf(fixture(file))
    expect(content).toEqual(await contentOf(fixture(expected)))
    expect(Object.keys(content).length).toBeGreaterThan(10)
  })

  it.each(['pytorch_model.bin', 'pytorch_model_legacy.bin'])('reads %s', async (file) => {
    const content = await contentOf(fixture(file), (name) => name.endsWith('position_ids'))
    expect(content).toEqual(await contentOf(fixture('model.safetensors')))
  })

  it('reads tied tensors once and keeps them tied, and copies other views of a storage', async () => {
    const file = await openTorch(fixture('shared_storage_mlm.bin'))
    const tensors = await readTensors(file, new Set(file.tensors.keys()))
    await file.close()
    const table = tensors['roberta.embeddings.word_embeddings.weight']
    expect(tensors['lm_head.decoder.weight']).toBe(table)
    const edges = await openTorch(fixture('edge_tensors.bin'))
    const { transposed, offset_rows } = await readTensors(edges, new Set(['offset_rows', 'transposed']))
    await edges.close()
    expect(transposed?.data.buffer).not.toBe(offset_rows?.data.buffer)
  })

  it('widens float16', async () => {
    const half = await openTorch(fixture('pytorch_model_fp16.bin'))
    const name = 'classifier.dense.weight'
    const tensors = await readTensors(half, new Set([name]))
    await half.close()
    expect(Object.keys(tensors)).toEqual([name])
    expect(tensors[name]?.data).toBeInstanceOf(Float32Array)
    const full = await openTensorFile(fixture('model.safetensors'))
    const exact = (await readTensors(full, new Set([name])))[name]
    await full.close()
    const error = exact?.data.map((x, i) => Math.abs(x - (tensors[name]?.data[i] ?? Number.NaN)))
    expect(Math.max(...(error ?? [1]))).toBeLessThan(1e-4)
  })
})

describe('a tensor of an unsupported type', () => {
  const w: MadeTensor = { name: 'w', key: '0', elements: 2, offset: 0, shape: [2], strides: [1] }
  const x = { ...w, name: 'x', key: '1' }
  it.each([
    ['quint8', { ...x, storage: 'QUInt8Storage' }, new Uint8Array(2)],
    ['float8_e4m3fn', { ...x, untyped: 'float8_e4m3fn' }, new Uint8Array(2)],
    ['uint32', { ...x, untyped: 'uint32', elements: 8 }, new Uint8Array(8)],
    ['float9_of_tomorrow', { ...x, untyped: 'float9_of_tomorrow', elements: 3 }, new Uint8Array(3)],
  ] as const)('ignores %s unless it is used', async (dtype, made, values) => {
    const path = join(folder, 'file.bin')
    await writeFile(path, legacyFile(stateDictPickle([made, w]), { 1: values, 0: Float32Array.of(3, 4) }))
    const file = await openTorch(path)
    try {
      expect((await readTensors(file, new Set(['w']))).w?.data).toEqual(Float32Array.of(3, 4))
      await expect(readTensors(file, new Set(['w', 'x']))).rejects.toMatchObject({
        code: 'safetensors/tensor-dtype',
        message: expect.stringMatching(new RegExp(`file\\.bin: .*"x" is of ${dtype}`)),
      })
    } finally {
      await file.close()
    }
  })
})

describe('a file other than a state dict', () => {
  it.each([
    ['malicious.bin', 'posix.system'],
    ['malicious_legacy.bin', 'posix.system'],
    ['malicious_hidden.bin', 'posix.system'],
    ['malicious_hidden_eval.bin', '__builtin__.eval'],
  ])('is refused and not run: %s', async (file, name) => {
    await expect(openTorch(fixture(file))).rejects.toMatchObject({
      code: 'checkpoints/pickle-global',
      message: expect.stringContaining(`"${name}"`),
    })
    await expect(access('/tmp/pwned')).rejects.toMatchObject({ code: 'ENOENT' })
  })

  const made: MadeTensor = { name: 'w', key: '0', elements: 6, offset: 0, shape: [2, 3], strides: [3, 1] }
  const file = (change: Partial<MadeTensor>, count = 6): Uint8Array =>
    legacyFile(stateDictPickle([{ ...made, ...change }]), { 0: new Float32Array(count) })

  it('loads if it is valid', async () => {
    await opened(file({}))
    await opened(file({ shape: [0, 9], strides: [9, 1], offset: 100 }))
  })

  it.each([
    ['a view beyond its storage', 'torch-view', file({ offset: 1 })],
    ['a stride beyond it', 'torch-view', file({ strides: [4, 1] })],
    ['a shape that overflows', 'torch-view', file({ shape: [2 ** 40, 2 ** 40], strides: [0, 0] })],
    [
      'one element seen a billion times',
      'torch-content',
      file({ shape: [1024, 1024, 1024], strides: [0, 0, 0] }),
    ],
    ['more elements than the file has', 'torch-legacy', file({ elements: 2 ** 33 })],
    ['another number of elements', 'torch-legacy', file({ elements: 5, shape: [5], strides: [1] })],
    ['no list of strides', 'pickle-damaged', file({ strides: [1] })],
    ['a negative size', 'pickle-damaged', file({ shape: [-2, 3] })],
    ['65 axes', 'pickle-damaged', file({ shape: Array(65).fill(1), strides: Array(65).fill(1) })],
    ['no tensors but a text', 'torch-content', legacyFile([0x80, 2, 0x58, 1, 0, 0, 0, 0x61, 0x2e])],
    ['a list', 'torch-content', legacyFile([0x80, 2, 0x5d, 0x2e])],
    [
      'a number beside the weights',
      'torch-content',
      legacyFile([0x80, 2, 0x7d, 0x58, 1, 0, 0, 0, 0x61, 0x4b, 1, 0x73, 0x2e]),
    ],
    ['another magic number', 'torch-legacy', Uint8Array.of(0x80, 2, 0x4b, 1, 0x2e)],
    ['nothing', 'pickle-damaged', new Uint8Array()],
    ['half of a file', 'pickle-damaged', file({}).slice(0, 100)],
  ])('is refused: %s', async (_, code, bytes) => {
    await expect(opened(bytes)).rejects.toMatchObject({
      code: `checkpoints/${code}`,
      message: expect.stringContaining(join(folder, 'file.bin')),
    })
  })
})

describe('a zip archive', () => {
  const changed = async (change: (bytes: Buffer) => void): Promise<Uint8Array> => {
    const bytes = await readFile(fixture('edge_tensors.bin'))
    change(bytes)
    return bytes
  }
  /** Where the central directory has the entry of a record. */
  const entryOf = (bytes: Buffer, name: string): number => bytes.lastIndexOf(name) - 46

  it('is refused with compressed records, which could unpack to more than the file', async () => {
    const bytes = await changed((b) => b.writeUInt16LE(8, entryOf(b, 'edge_tensors/data/1') + 10))
    await expect(opened(bytes)).rejects.toMatchObject({
      code: 'checkpoints/torch-zip',
      message: expect.stringContaining('compressed'),
    })
  })

  it('is refused with records that are too large, overlap or are encrypted', async () => {
    const claims = await changed((b) => {
      b.writeUInt32LE(0x7fffffff, entryOf(b, 'edge_tensors/data/4') + 20)
      b.writeUInt32LE(0x7fffffff, entryOf(b, 'edge_tensors/data/4') + 24)
    })
    await expect(opened(claims)).rejects.toMatchObject({ code: 'checkpoints/torch-zip' })
    const overlaps = await changed((b) => {
      const other = b.readUInt32LE(entryOf(b, 'edge_tensors/data/5') + 42)
      b.writeUInt32LE(other, entryOf(b, 'edge_tensors/data/4') + 42)
    })
    await expect(opened(overlaps)).rejects.toMatchObject({
      code: 'checkpoints/torch-zip',
      message: expect.stringContaining('overlaps'),
    })
    const encrypted = await changed((b) => b.writeUInt16LE(1, entryOf(b, 'edge_tensors/data/4') + 8))
    await expect(opened(encrypted)).rejects.toMatchObject({ code: 'checkpoints/torch-zip' })
  })

  it('is refused if a value is changed', async () => {
    const bytes = await changed((b) => {
      const at = b.indexOf('edge_tensors/data/5') - 30
      const data = at + 30 + b.readUInt16LE(at + 26) + b.readUInt16LE(at + 28)
      b[data] = (b[data] ?? 0) ^ 1
    })
    await expect(opened(bytes)).rejects.toMatchObject({
      code: 'checkpoints/checksum',
      message: expect.stringContaining('data/5'),
    })
  })

  it('is refused if it is truncated', async () => {
    const bytes = await readFile(fixture('edge_tensors.bin'))
    await expect(opened(bytes.subarray(0, 3000))).rejects.toMatchObject({ code: 'checkpoints/torch-zip' })
  })
})
