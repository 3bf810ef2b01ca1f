import { mkdir, mkdtemp, readdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { writeFolderAtomic } from './write-folder-atomic.ts'

let parent = ''
let folder = ''
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'kic-folder-'))
  folder = join(parent, 'model')
})
afterEach(() => rm(parent, { recursive: true }))

it('makes a folder, parents included, and replaces its files', async () => {
  await writeFolderAtomic(join(folder, 'deep'), (at) => writeFile(join(at, 'a'), '1'))
  expect(await readFile(join(folder, 'deep', 'a'), 'utf8')).toBe('1')
  await writeFolderAtomic(`${folder}/deep/`, (at) => writeFile(join(at, 'a'), '2'))
  expect(await readFile(join(folder, 'deep', 'a'), 'utf8')).toBe('2')
  expect(await readdir(folder)).toEqual(['deep'])
})

it('keeps what is not its own, and removes what is replaced', async () => {
  await mkdir(join(folder, 'logs'), { recursive: true })
  await writeFile(join(folder, 'logs', 'run.txt'), 'log')
  await writeFile(join(folder, 'old.bin'), 'old')
  await writeFile(join(folder, 'config.json'), 'old')
  await writeFolderAtomic(
    folder,
    (at) => writeFile(join(at, 'config.json'), 'new'),
    (name) => name.endsWith('.bin'),
  )
  expect((await readdir(folder)).sort()).toEqual(['config.json', 'logs'])
  expect(await readFile(join(folder, 'logs', 'run.txt'), 'utf8')).toBe('log')
  expect(await readFile(join(folder, 'config.json'), 'utf8')).toBe('new')
  expect(await readdir(parent)).toEqual(['model'])
})

it('leaves the old folder and nothing else when writing fails', async () => {
  await writeFolderAtomic(folder, (at) => writeFile(join(at, 'a'), 'old'))
  const failing = writeFolderAtomic(folder, async (at) => {
    await writeFile(join(at, 'a'), 'new')
    expect(await readFile(join(folder, 'a'), 'utf8')).toBe('old')
    throw new Error('disk full')
  })
  await expect(failing).rejects.toMatchObject({
    code: 'core/write-failed',
    message: expect.stringContaining('disk full'),
  })
  expect(await readFile(join(folder, 'a'), 'utf8')).toBe('old')
  expect(await readdir(parent)).toEqual(['model'])
})

it('does not replace a file', async () => {
  await writeFile(folder, 'rows')
  await expect(writeFolderAtomic(folder, (at) => writeFile(join(at, 'a'), '1'))).rejects.toMatchObject({
    code: 'core/write-failed',
    message: expect.stringContaining(`received '${folder}': it is a file`),
  })
  expect(await readFile(folder, 'utf8')).toBe('rows')
  expect(await readdir(parent)).toEqual(['model'])
})

it.each(['', '.', '..', './'])('does not move the working folder away: %j', async (path) => {
  const before = process.cwd()
  await mkdir(join(folder, 'inner'), { recursive: true })
  process.chdir(join(folder, 'inner'))
  try {
    const writing = writeFolderAtomic(path, (at) => writeFile(join(at, 'a'), '1'))
    await expect(writing).rejects.toMatchObject({ code: 'core/write-failed' })
    expect(await readdir('..')).toEqual(['inner'])
  } finally {
    process.chdir(before)
  }
})

it('writes beside the working folder, whose name begins in the same way', async () => {
  const before = process.cwd()
  await mkdir(join(parent, 'model-2'))
  process.chdir(join(parent, 'model-2'))
  try {
    await writeFolderAtomic('../model', (at) => writeFile(join(at, 'a'), '1'))
    await writeFolderAtomic('..model', (at) => writeFile(join(at, 'a'), '2'))
  } finally {
    process.chdir(before)
  }
  expect(await readFile(join(folder, 'a'), 'utf8')).toBe('1')
  expect(await readFile(join(parent, 'model-2', '..model', 'a'), 'utf8')).toBe('2')
})

it.runIf(process.platform !== 'win32')('replaces what a link leads to, and keeps the link', async () => {
  await mkdir(join(parent, 'disk', 'old'), { recursive: true })
  await writeFile(join(parent, 'disk', 'old', 'kept'), 'kept')
  for (const name of ['old', 'new']) {
    await symlink(`disk/${name}`, join(parent, name))
    await writeFolderAtomic(join(parent, name), (at) => writeFile(join(at, 'a'), '1'))
    expect(await readlink(join(parent, name))).toBe(`disk/${name}`)
  }
  expect((await readdir(join(parent, 'disk', 'old'))).sort()).toEqual(['a', 'kept'])
  expect(await readdir(join(parent, 'disk', 'new'))).toEqual(['a'])
  expect((await readdir(join(parent, 'disk'))).sort()).toEqual(['new', 'old'])
})

it.runIf(process.platform !== 'win32')('does not move the working folder away behind a link', async () => {
  const before = process.cwd()
  await mkdir(join(folder, 'inner'), { recursive: true })
  await symlink('model', join(parent, 'link'))
  process.chdir(join(folder, 'inner'))
  try {
    const writing = writeFolderAtomic(join(parent, 'link'), (at) => writeFile(join(at, 'a'), '1'))
    await expect(writing).rejects.toThrow('it contains the working folder')
  } finally {
    process.chdir(before)
  }
})
