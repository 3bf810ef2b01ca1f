import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { checkOutputFile, checkOutputFolder } from './preflight.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kic-preflight-'))
  await writeFile(join(folder, 'a-file'), 'x')
  await mkdir(join(folder, 'a-folder'))
})
afterAll(() => rm(folder, { recursive: true }))

const refusal = { code: 'cli/output', message: expect.stringContaining('Set another output with -o.') }

it('leaves nothing behind where a way is free', async () => {
  await checkOutputFolder('kic train', join(folder, 'new', 'deep', 'model'))
  await checkOutputFolder('kic train', join(folder, 'a-folder'))
  await checkOutputFile('kic predict', join(folder, 'other', 'coded.csv'))
  await checkOutputFile('kic predict', join(folder, 'a-file'), ['-', join(folder, 'another')])
  expect((await readdir(folder)).sort()).toEqual(['a-file', 'a-folder'])
  expect(await readdir(join(folder, 'a-folder'))).toEqual([])
})

it('says what is in the way', async () => {
  await expect(checkOutputFolder('kic train', join(folder, 'a-file'))).rejects.toMatchObject(refusal)
  await expect(checkOutputFolder('kic train', join(folder, 'a-file', 'below'))).rejects.toMatchObject(refusal)
  await expect(checkOutputFile('kic predict', join(folder, 'a-folder'))).rejects.toThrow('it is a folder')
  await expect(checkOutputFile('kic predict', join(folder, 'a-file', 'x.csv'))).rejects.toMatchObject(refusal)
  // No folder can be made there, and Node.js tries for ever.
  if (process.platform === 'linux') {
    await expect(checkOutputFile('kic predict', '/proc/kic/deep/x.csv')).rejects.toMatchObject(refusal)
    await expect(checkOutputFolder('kic train', '/proc/kic/model')).rejects.toMatchObject(refusal)
  }
  const input = join(folder, 'a-file')
  await expect(checkOutputFile('kic predict', `${folder}/./a-file`, [input])).rejects.toThrow(
    'it is also an input',
  )
})
