import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { contentBytes, type FolderFiles } from './folder-files.ts'
import { saveFiles } from './save-files.ts'

const files: FolderFiles = new Map<string, string | Uint8Array | Uint8Array[]>([
  ['kic.json', '{"이름":1}\n'],
  ['onnx/model.onnx', Uint8Array.of(1, 0, 255)],
  ['weights', [Uint8Array.of(1, 2), new Uint8Array(0), Uint8Array.of(3)]],
])

it('has the same bytes in memory and on the disk', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'kic-files-'))
  await saveFiles(folder, files)
  for (const [path, content] of files) {
    expect(new Uint8Array(await readFile(join(folder, path)))).toEqual(contentBytes(content))
  }
  expect((await readdir(folder)).sort()).toEqual(['kic.json', 'onnx', 'weights'])
  await rm(folder, { recursive: true })
  expect([...contentBytes(files.get('weights') ?? '')]).toEqual([1, 2, 3])
  expect(new TextDecoder().decode(contentBytes(files.get('kic.json') ?? ''))).toBe('{"이름":1}\n')
})
