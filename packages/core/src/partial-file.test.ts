import { link, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { partialFile } from './partial-file.ts'

let folder = ''
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'kic-partial-')))
})
afterEach(() => rm(folder, { recursive: true }))

it('is beside the output, in a folder that is there', async () => {
  const target = join(folder, 'new', 'rows.csv')
  const partial = `${target}.partial`
  expect(await partialFile(target)).toEqual({ partial, target })
  await writeFile(partial, 'x', { flag: 'wx' })
  expect(await partialFile(target)).toEqual({ partial, target })
  await writeFile(partial, 'y', { flag: 'wx' })
})

it.runIf(process.platform !== 'win32')('is beside the target of a link', async () => {
  const path = join(folder, 'rows.csv')
  const target = join(folder, 'real', 'target.csv')
  await symlink('real/target.csv', path)
  expect(await partialFile(path)).toEqual({ partial: `${target}.partial`, target })
})

it.runIf(process.platform !== 'win32')('is a new file, whatever has its name', async () => {
  const kept = join(folder, 'kept')
  await writeFile(kept, 'kept')
  const path = join(folder, 'rows.csv')
  for (const occupy of [symlink, link]) {
    await rm(`${path}.partial`, { force: true })
    await occupy(kept, `${path}.partial`)
    await writeFile((await partialFile(path)).partial, 'rows', { flag: 'wx' })
    expect(await readFile(kept, 'utf8')).toBe('kept')
  }
})
