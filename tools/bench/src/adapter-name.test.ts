import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { driverIn, namesIn } from './adapter-name.ts'

it('reads the names of GPUs, each once', () => {
  const answer =
    'GPU0:\n\tdeviceName        = NVIDIA A10\nGPU1:\n\tdeviceName = llvmpipe\n\tdeviceName = llvmpipe\n'
  expect(namesIn(answer, /^\s*deviceName\s*=\s*(.+)$/gm)).toEqual(['NVIDIA A10', 'llvmpipe'])
})

it('names the driver of a Vulkan manifest', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'kic-icd-'))
  const manifest = join(folder, 'icd.json')
  try {
    await writeFile(manifest, JSON.stringify({ ICD: { library_path: './libvk_swiftshader.so' } }))
    expect(driverIn(manifest)).toBe('libvk_swiftshader.so')
    await writeFile(manifest, '{}')
    expect(driverIn(manifest)).toBe(manifest)
  } finally {
    await rm(folder, { recursive: true })
  }
})
