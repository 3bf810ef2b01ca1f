import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { checkOutputFile, checkOutputFolder } from './check-output.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kic-output-'))
  await writeFile(join(folder, 'a-file'), 'x')
  await mkdir(join(folder, 'a-folder'))
})
afterAll(() => rm(folder, { recursive: true }))

const refusal = { code: 'core/output', message: expect.stringContaining('Choose another output.') }

it('leaves nothing behind where a way is free', async () => {
  await checkOutputFolder('trainModel', join(folder, 'new', 'deep', 'model'))
  await checkOutputFolder('trainModel', join(folder, 'a-folder'))
  await checkOutputFile('writeRows', join(folder, 'other', 'coded.csv'))
  await checkOutputFile('writeRows', join(folder, 'a-file'), ['-', join(folder, 'another')])
  expect((await readdir(folder)).sort()).toEqual(['a-file', 'a-folder'])
  expect(await readdir(join(folder, 'a-folder'))).toEqual([])
})

it('says what is in the way', async () => {
  await expect(checkOutputFolder('trainModel', join(folder, 'a-file'))).rejects.toMatchObject(refusal)
  await expect(checkOutputFolder('trainModel', join(folder, 'a-file', 'below'))).rejects.toMatchObject(
    refusal,
  )
  await expect(checkOutputFile('writeRows', join(folder, 'a-folder'))).rejects.toThrow('it is a folder')
  await expect(checkOutputFile('writeRows', join(folder, 'a-file', 'x.csv'))).rejects.toMatchObject(refusal)
  // No folder can be made there, and Node.js tries for ever.
  if (process.platform === 'linux') {
    await expect(checkOutputFile('writeRows', '/proc/kic/deep/x.csv')).rejects.toMatchObject(refusal)
    await expect(checkOutputFolder('trainModel', '/proc/kic/model')).rejects.toMatchObject(refusal)
  }
  const input = join(folder, 'a-file')
  await expect(checkOutputFile('writeRows', `${folder}/./a-file`, [input])).rejects.toThrow(
    'it is also an input',
  )
})
