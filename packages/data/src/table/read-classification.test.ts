import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { codesOf, labelsOf, levelNames, nodeOf } from '@kic/classification'
import { ksic10 } from '@kic/classification/ksic'
import iconv from 'iconv-lite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openXlsxWriter } from '../xlsx/xlsx-writer.ts'
import { readClassification } from './read-classification.ts'
import { readCorrespondence } from './read-correspondence.ts'
import { readTable } from './read-table.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kic-tables-'))
})
afterAll(() => rm(folder, { recursive: true }))

const file = async (name: string, content: string | Uint8Array): Promise<string> => {
  const path = join(folder, name)
  await writeFile(path, content)
  return path
}

const rows: (string | number)[][] = [['분류 code', '항목 name']]
for (const section of ksic10.levels[0]?.nodes ?? []) {
  rows.push([section.code, section.name])
  for (const division of ksic10.levels[1]?.nodes.filter(({ parent }) => parent === section.code) ?? []) {
    rows.push([division.code, division.name])
    for (const group of ksic10.levels[2]?.nodes.filter(({ parent }) => parent === division.code) ?? [])
      rows.push([group.code, group.name])
  }
}
const delimited = (delimiter: string): string =>
  rows.map((row) => row.map((cell) => `"${cell}"`).join(delimiter)).join('\r\n')

const expectKsic10 = async (path: string): Promise<void> => {
  const { classification } = await readClassification(path)
  expect(levelNames(classification)).toEqual(levelNames(ksic10))
  for (const level of levelNames(ksic10)) {
    expect(codesOf(classification, level)).toEqual(codesOf(ksic10, level))
    for (const code of codesOf(ksic10, level)) {
      expect(labelsOf(classification, level, code)).toEqual(labelsOf(ksic10, level, code))
      expect(nodeOf(classification, level, code)?.name).toBe(nodeOf(ksic10, level, code)?.name)
    }
  }
}

describe('readClassification', () => {
  it.each([
    ['ksic.csv', () => delimited(',')],
    ['ksic.tsv', () => rows.map((row) => row.join('\t')).join('\n')],
    ['semicolons.csv', () => `\ufeff${delimited(';')}`],
    ['packed.csv.gz', () => gzipSync(delimited(','))],
    ['cp949.csv', () => iconv.encode(delimited(','), 'cp949')],
    ['utf16.csv', () => Buffer.from(`\ufeff${delimited('\t')}`, 'utf16le')],
  ])('reads KSIC rev. 10 from %s', async (name, content) => {
    await expectKsic10(await file(name, content()))
  })

  it('reads it from a workbook', async () => {
    const path = join(folder, 'ksic.xlsx')
    const writer = await openXlsxWriter(path, { columns: rows[0]?.map(String) ?? [] })
    await writer.write(rows.slice(1))
    await writer.finish()
    await expectKsic10(path)
  })

  it('has the name of its file, and reports file and line in errors', async () => {
    const path = await file('two.csv', 'code,name\nA,"two\nlines"\n\n01,\n')
    await expect(readClassification(path)).rejects.toThrow(
      "parseClassification: two.csv: every class must have a name, received none for '01' in line 5.",
    )
    const good = await file('good.csv.gz', gzipSync('code,name\nA,a\n01,b\n'))
    expect((await readClassification(good)).classification.name).toBe('good')
    const other = await readClassification(good, { name: 'mine', levels: ['area', 'field'] })
    expect([other.classification.name, levelNames(other.classification)]).toEqual(['mine', ['area', 'field']])
  })

  it('refuses files without a table', async () => {
    const refused = async (name: string, content: string | Uint8Array, code: string): Promise<void> =>
      expect(readClassification(await file(name, content))).rejects.toThrow(expect.objectContaining({ code }))
    await refused('empty.csv', '', 'data/empty-file')
    await refused('quotes.csv', 'code,name\nA,"never closed\n', 'data/malformed-quotes')
    await refused('bytes.csv', Buffer.from([0x61, 0x2c, 0x62, 0x0a, 0xff, 0x2c, 0x62]), 'data/undecodable')
    await expect(readClassification(join(folder, 'none.csv'))).rejects.toThrow(
      expect.objectContaining({ code: 'data/missing-file' }),
    )
  })
})

it('readTable returns the line numbers of an editor', async () => {
  const path = await file('lines.csv', 'a,b\r\n"x\r\ny",1\r\n\r\nz,2')
  expect(await readTable(path)).toEqual([
    { line: 1, cells: ['a', 'b'] },
    { line: 2, cells: ['x\ny', '1'] },
    { line: 4, cells: [''] },
    { line: 5, cells: ['z', '2'] },
  ])
})

it('readCorrespondence reads pairs of two revisions', async () => {
  const path = await file('pairs.csv', 'old code;new code\n011;012\n011;013\n99;011\n')
  await expect(readCorrespondence(path, ksic10, ksic10, 'group')).rejects.toThrow(
    "parseCorrespondence: pairs.csv: a code must be a group of KSIC rev. 10, received '99' in line 4.",
  )
  const good = await file('good-pairs.csv', 'old code;new code\n011;012\n011;013\n')
  const { correspondence } = await readCorrespondence(good, ksic10, ksic10, 'group')
  expect([...correspondence.codes]).toEqual([['011', ['012', '013']]])
})
