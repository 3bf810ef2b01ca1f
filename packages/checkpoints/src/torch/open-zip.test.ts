import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openZip } from './open-zip.ts'

it('refuses a ZIP64 record with an impossible position', async () => {
  const whole = await readFile(join(import.meta.dirname, '../__fixtures__/torch-bin/edge_tensors.bin'))
  const end = whole.lastIndexOf(Buffer.of(0x50, 0x4b, 5, 6))
  const locator = Buffer.alloc(20)
  locator.writeUInt32LE(0x07064b50, 0)
  locator.writeBigUInt64LE(2n ** 64n - 2n ** 56n, 8)
  locator.writeUInt32LE(1, 16)
  const record = Buffer.from(whole.subarray(end))
  // All ones: the values are those of the ZIP64 record.
  record.fill(0xff, 8, 20)
  const hostile = Buffer.concat([whole.subarray(0, end), locator, record])
  const folder = await mkdtemp(join(tmpdir(), 'kic-zip64-'))
  const path = join(folder, 'hostile.bin')
  await writeFile(path, hostile)
  const file = await open(path)
  try {
    await expect(openZip(file, hostile.length)).rejects.toThrow('lie outside')
  } finally {
    await file.close()
    await rm(folder, { recursive: true })
  }
})
