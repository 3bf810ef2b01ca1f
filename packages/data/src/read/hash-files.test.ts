import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { hashFiles } from './hash-files.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kic-hash-'))
})
afterAll(() => rm(folder, { recursive: true }))

it('depends on the bytes of each file and their order, not on names', async () => {
  const [a, b, c] = ['a', 'b', 'c'].map((name) => join(folder, name)) as [string, string, string]
  await writeFile(a, '가'.repeat(200_000))
  await writeFile(b, '나')
  await writeFile(c, '가'.repeat(200_000))
  const digest = createHash('sha256').update('가'.repeat(200_000)).digest()
  expect(await hashFiles([a])).toBe(createHash('sha256').update(digest).digest('hex'))
  expect(await hashFiles([c])).toBe(await hashFiles([a]))
  expect(await hashFiles([a, b])).not.toBe(await hashFiles([b, a]))
  await expect(hashFiles([join(folder, 'none')])).rejects.toMatchObject({ code: 'data/missing-file' })
})
