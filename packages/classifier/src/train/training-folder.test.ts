import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openTrainingFolder } from './training-folder.ts'

let parent: string
let at: string
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'kic-training-'))
  at = join(parent, 'place')
})
afterEach(() => rm(parent, { recursive: true }))

const fingerprint = (seed: number) => ({ config: { seed }, data: { rows: 1, sha256: 'x' } })
const open = (seed: number, restart?: boolean) => openTrainingFolder('search', at, fingerprint(seed), restart)

it('resumes the same training, refuses another one, and starts over if it may', async () => {
  const { path } = await open(1)
  await writeFile(join(path, 'trial-1.json'), '{}')
  await open(1)
  await expect(open(2)).rejects.toMatchObject({
    code: 'classifier/other-training',
    message: expect.stringContaining('another seed (1, now 2)'),
  })
  expect(await readdir(path)).toEqual(['training.json', 'trial-1.json'])
  await open(2, true)
  expect(await readdir(path)).toEqual(['training.json'])
})

it('replaces a training that failed before its first checkpoint', async () => {
  const { path } = await open(1)
  await mkdir(join(path, 'checkpoints'))
  await writeFile(join(path, 'checkpoints', '.kic-probe.tmp'), '')
  await open(2)
  expect(JSON.parse(await readFile(join(path, 'training.json'), 'utf8'))).toEqual(fingerprint(2))
  await mkdir(join(path, 'checkpoints', 'checkpoint-1'))
  await writeFile(join(path, 'checkpoints', 'checkpoint-1', 'state.json'), '{}')
  await expect(open(1)).rejects.toMatchObject({ code: 'classifier/other-training' })
})

it.each([false, true])('leaves a folder of other files alone, restart: %s', async (restart) => {
  await mkdir(join(at, 'photos'), { recursive: true })
  await writeFile(join(at, 'photos', 'mine.jpg'), 'x')
  await expect(open(1, restart)).rejects.toMatchObject({
    code: 'classifier/output',
    message: expect.stringContaining(`such as ${join('photos', 'mine.jpg')}`),
  })
  expect(await readdir(at)).toEqual(['photos'])
})
