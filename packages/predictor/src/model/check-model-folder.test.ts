import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { flatClassification } from '@kic/classification'
import { trainNgramModel } from '@kic/ngram'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { checkModelFolder, checkPackedFolder, saveNgramFolder } from '../node.ts'
import { KIND_FILES } from './folder-kind.ts'

let folder: string
const at = (name: string): string => join(folder, name)
const kinds = ['network', 'ensemble', 'ngram', 'reranked'] as const
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kic-folder-'))
  for (const kind of kinds) {
    await mkdir(at(kind))
    await writeFile(join(at(kind), KIND_FILES[kind]), '{}')
  }
})
afterAll(() => rm(folder, { recursive: true }))

it('lets a model replace one of its kind, and no other', async () => {
  for (const kind of kinds) {
    for (const other of kinds) {
      const checked = checkModelFolder('save', at(other), kind)
      if (kind === other) await checked
      else
        await expect(checked).rejects.toMatchObject({
          code: 'predictor/folder',
          message: expect.stringMatching(/^save: .+\. Choose another folder\.$/),
        })
    }
    await checkModelFolder('save', at('none'), kind)
  }
})

it('keeps packed models away from their parts and from other files', async () => {
  await mkdir(at('empty'))
  await mkdir(at('foreign'))
  await writeFile(join(at('foreign'), 'README.md'), 'mine')
  const check = (name: string, ...parts: string[]) =>
    checkPackedFolder('pack', at(name), 'ensemble', parts.map(at))
  for (const name of ['none', 'empty', 'ensemble']) await check(name, 'network', 'ngram')
  const refused = { code: 'predictor/folder' }
  await expect(check('foreign')).rejects.toMatchObject(refused)
  await expect(check('ngram')).rejects.toMatchObject(refused)
  await expect(check('ensemble', 'network', 'ensemble')).rejects.toMatchObject(refused)
})

it('keeps saveNgramFolder from writing into the folder of an ensemble', async () => {
  const rows = [
    { text: 'a late goal', label: 'sport' },
    { text: 'a vote', label: 'politics' },
  ]
  const saving = saveNgramFolder(at('ensemble'), {
    model: trainNgramModel(rows, { model: 'naive-bayes' }),
    notes: { classification: flatClassification(['politics', 'sport']), script: undefined },
  })
  await expect(saving).rejects.toMatchObject({
    code: 'predictor/folder',
    message: expect.stringMatching(/^saveNgramFolder: .*ensemble\.json/),
  })
  expect(await readdir(at('ensemble'))).toEqual(['ensemble.json'])
})
