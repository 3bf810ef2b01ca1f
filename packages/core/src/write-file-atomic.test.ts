import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { writeFileAtomic } from './write-file-atomic.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kic-atomic-'))
})
afterEach(() => rm(folder, { recursive: true }))

it('writes text and pieces, making folders', async () => {
  const path = join(folder, 'a', 'b.txt')
  await writeFileAtomic(path, '가나다')
  expect(await readFile(path, 'utf8')).toBe('가나다')
  await writeFileAtomic(path, [new Uint8Array([65]), new Uint8Array([66])])
  expect(await readFile(path, 'utf8')).toBe('AB')
})

it('keeps the old content and leaves nothing behind when the new one fails halfway', async () => {
  const path = join(folder, 'kept.txt')
  await writeFileAtomic(path, 'old')
  const failing = (function* () {
    yield new Uint8Array([65])
    throw new Error('source broke')
  })()
  await expect(writeFileAtomic(path, failing)).rejects.toMatchObject({ code: 'core/write-failed' })
  expect(await readFile(path, 'utf8')).toBe('old')
  expect(await readdir(folder)).toEqual(['kept.txt'])
})
