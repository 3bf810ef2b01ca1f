import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { replaceModel } from './replace-model.ts'

it('replaces an older model and its weights, and keeps other files', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'kic-replace-'))
  const write = async (path: string, text: string): Promise<void> => {
    await mkdir(join(folder, path, '..'), { recursive: true })
    await writeFile(join(folder, path), text)
  }
  await write('new/model.safetensors', 'new')
  await write('new/README.md', 'generated')
  await write('new/onnx/model.onnx', 'new')
  await write('old/pytorch_model.bin', 'old')
  await write('old/onnx/model_fp16.onnx', 'old')
  await write('old/README.md', 'written by hand')
  await write('old/notes.txt', 'mine')
  await replaceModel(join(folder, 'new'), join(folder, 'old'))
  expect((await readdir(join(folder, 'old'), { recursive: true })).sort()).toEqual([
    'README.md',
    'model.safetensors',
    'notes.txt',
    'onnx',
    'onnx/model.onnx',
  ])
  expect(await readFile(join(folder, 'old', 'README.md'), 'utf8')).toBe('written by hand')
  await rm(folder, { recursive: true })
})
