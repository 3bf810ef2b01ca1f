import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { followLinks } from './follow-links.ts'

let folder: string
beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'kic-links-')))
  await mkdir(join(folder, 'deep', 'inner'), { recursive: true })
  await writeFile(join(folder, 'deep', 'inner', 'file'), 'x')
})
afterAll(() => rm(folder, { recursive: true }))

it.runIf(process.platform !== 'win32')('agrees with the system where something is there', async () => {
  await symlink('deep/inner', join(folder, 'relative'))
  await symlink(join(folder, 'relative', 'file'), join(folder, 'absolute'))
  await symlink('relative/../inner/file', join(folder, 'parent'))
  for (const path of ['relative', 'absolute', 'parent', 'relative/../inner/./file', 'deep//inner/'])
    expect(await followLinks(`${folder}/${path}`), path).toBe(await realpath(`${folder}/${path}`))
  expect(await followLinks('')).toBe(await realpath('.'))
})

it.runIf(process.platform !== 'win32')('goes on where nothing is there, and not in circles', async () => {
  await symlink('deep/none/../later', join(folder, 'dangling'))
  expect(await followLinks(join(folder, 'dangling', 'x.csv'))).toBe(join(folder, 'deep', 'later', 'x.csv'))
  await symlink('two', join(folder, 'one'))
  await symlink('one', join(folder, 'two'))
  await expect(followLinks(join(folder, 'one'))).rejects.toThrow('in a circle')
})

it.runIf(process.platform === 'linux')(
  'stops at an open descriptor, behind which a file may be',
  async () => {
    expect(await followLinks('/dev/stdout')).toBe(`/proc/${process.pid}/fd/1`)
    expect(await followLinks('/dev/fd/0')).toBe(`/proc/${process.pid}/fd/0`)
  },
)
