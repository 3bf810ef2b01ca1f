import { execFileSync } from 'node:child_process'
import { lstat, mkdir, mkdtemp, readdir, readFile, readlink, rm, symlink } from 'node:fs/promises'
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

it.runIf(process.platform !== 'win32')('replaces what a link leads to, and keeps the link', async () => {
  await mkdir(join(folder, 'real'))
  await writeFileAtomic(join(folder, 'real', 'old.txt'), 'old')
  for (const name of ['old.txt', 'new.txt']) {
    const path = join(folder, name)
    await symlink(`real/${name}`, path)
    await writeFileAtomic(path, 'new')
    expect(await readlink(path)).toBe(`real/${name}`)
    expect(await readFile(join(folder, 'real', name), 'utf8')).toBe('new')
  }
  expect(await readdir(join(folder, 'real'))).toEqual(['new.txt', 'old.txt'])
})

it.runIf(process.platform !== 'win32')('does not replace a pipe, nor a link to one', async () => {
  const pipe = join(folder, 'pipe')
  execFileSync('mkfifo', [pipe])
  await symlink('pipe', join(folder, 'link'))
  for (const path of [pipe, join(folder, 'link')])
    await expect(writeFileAtomic(path, 'x')).rejects.toMatchObject({
      code: 'core/write-failed',
      message: expect.stringContaining('it is a device, pipe or socket'),
    })
  expect((await lstat(pipe)).isFIFO()).toBe(true)
  expect(await readdir(folder)).toEqual(['link', 'pipe'])
})
