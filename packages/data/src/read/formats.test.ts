import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import iconv from 'iconv-lite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  loadFiles,
  loadRows,
  openDataset,
  readRowBlocks,
  recogniseLayout,
} from '../__fixtures__/ksic-files.ts'
import { collectRows } from './collect-rows.ts'
import { describeReport } from './read-report.ts'

const header = 'AI_id|digit_1|digit_2|digit_3|text_obj|text_mthd|text_deal'
const good = ['id_1|A|1|11|논에서|벼재배|쌀', 'id_2|C|10|107|공장에서|제조|똠얌소스', 'id_3||||세탁소||']
const file = (...lines: string[]): string => [header, ...lines, ''].join('\r\n')
const fixture = (name: string): string => fileURLToPath(new URL(`../__fixtures__/${name}`, import.meta.url))

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kic-formats-'))
})
afterAll(() => rm(folder, { recursive: true }))

const written = async (name: string, content: string | Uint8Array): Promise<string> => {
  const path = join(folder, name)
  await writeFile(path, content)
  return path
}

describe('gzip', () => {
  it('is unpacked, also from several members and in single bytes, and reported', async () => {
    const plain = iconv.encode(file(...good), 'cp949')
    const packed = Buffer.concat([gzipSync(plain.subarray(0, 90)), gzipSync(plain.subarray(90))])
    const expected = await loadRows(plain, { name: 'a.gz' })
    const { rows, report } = await loadRows(await written('a.gz', packed))
    expect(rows).toEqual(expected.rows)
    expect(describeReport(report)).toBe(
      'a.gz: competition format, gzip, cp949 (by its bytes), 3 rows (2 labelled), none rejected',
    )
    async function* bytes() {
      for (const byte of packed) yield Uint8Array.of(byte)
    }
    expect((await loadRows(bytes(), { name: 'a.gz' })).rows).toEqual(expected.rows)
  })

  it('that is cut short or damaged is an error, not fewer rows', async () => {
    const lines = Array.from({ length: 30_000 }, (_, i) => `id_${i}|A|1|11|논에서 ${i * 7919}||`)
    const packed = gzipSync(file(...lines))
    const damaged = Uint8Array.from(packed)
    damaged[packed.length >> 1] = (damaged[packed.length >> 1] ?? 0) ^ 0xff
    for (const bytes of [packed.subarray(0, -9), damaged])
      await expect(loadRows(bytes, { rejects: 'collect', rejectLimit: 1e6 })).rejects.toMatchObject({
        code: 'data/damaged-gzip',
      })
  })

  it('of gzip is refused', async () => {
    await expect(loadRows(gzipSync(gzipSync(file(...good))))).rejects.toMatchObject({ code: 'data/not-text' })
  })
})

describe('Parquet', () => {
  it('in the competition’s columns has the same rows, rejects and labels as text', async () => {
    for (const source of [
      fixture('competition.parquet'),
      new Uint8Array(await readFile(fixture('competition.parquet'))),
    ]) {
      const { rows, rejects, report } = await loadRows(source, { rejects: 'collect' })
      expect(rows.map(({ id, line, text, labels }) => [id, line, text, labels?.group])).toEqual([
        ['id_1', 1, '논에서 벼재배 쌀', '011'],
        ['id_2', 2, '공장에서 제조 똠얌소스', '107'],
        ['id_3', 3, '세탁소', undefined],
      ])
      expect(rejects.map(({ line, reason }) => [line, reason])).toEqual([
        [4, 'contradictory-labels'],
        [5, 'duplicate-id'],
      ])
      expect(report).toMatchObject({ encoding: 'utf-8', foundBy: 'format', rows: 3, rejects: 2 })
    }
  })

  it('may have other column names', async () => {
    const options = { columns: { text: '사업내용', group: '소분류' } }
    const { rows } = await loadRows(fixture('named.parquet'), options)
    expect(rows.map(({ text, labels }) => [text, labels?.group])).toEqual([
      ['논에서', '011'],
      ['목장에서', '012'],
    ])
    expect((await recogniseLayout(fixture('named.parquet'), options)).name).toBe('Parquet (사업내용, 소분류)')
    await expect(loadRows(fixture('named.parquet'))).rejects.toMatchObject({ code: 'data/unknown-format' })
  })

  it('is read in blocks smaller than its own, every row once and in order', async () => {
    let line = 0
    let blocks = 0
    for await (const { rows, report } of readRowBlocks(fixture('big.parquet'))) {
      blocks += 1
      for (const row of rows) {
        if (row.line !== line + 1 || row.text !== `row ${line % 499}`)
          throw new Error(`row ${line + 1} is ${row.line}: ${row.text}`)
        line += 1
      }
      expect(report.rows).toBe(line)
    }
    expect([line, blocks]).toEqual([50_000, 4])
  })

  it('that is nested, damaged or a stream is refused', async () => {
    await expect(loadRows(fixture('nested.parquet'))).rejects.toMatchObject({ code: 'data/nested-parquet' })
    const bytes = new Uint8Array(await readFile(fixture('competition.parquet')))
    await expect(loadRows(bytes.subarray(0, 900))).rejects.toMatchObject({ code: 'data/damaged-parquet' })
    await expect(loadRows([bytes])).rejects.toMatchObject({ code: 'data/not-text' })
  })
})

describe('many files', () => {
  it('of any format are read as one, with common ids and rejects', async () => {
    const paths = [
      await written('b.txt', iconv.encode(file(...good), 'cp949')),
      await written('c.txt', file('id_1|A|1|11|밭에서||', 'id_4|A|1|12|소||', 'id_5|A')),
      fixture('named.parquet'),
    ]
    const columns = { columns: { text: '사업내용', group: '소분류' } }
    await expect(loadFiles(paths, { rejects: 'collect' })).rejects.toMatchObject({
      code: 'data/unknown-format',
    })
    const { rows, rejects, report, reports } = await loadFiles(paths.slice(0, 2), { rejects: 'collect' })
    expect(rows.map((row) => row.id)).toEqual(['id_1', 'id_2', 'id_3', 'id_4'])
    expect(rejects.map(({ line, reason }) => [line, reason])).toEqual([
      [2, 'duplicate-id'],
      [4, 'too-few-fields'],
    ])
    expect(rejects[0]?.message).toContain(`first on line 2 of ${paths[0]}`)
    expect(reports.map(({ encoding, rows: count }) => [encoding, count])).toEqual([
      ['cp949', 3],
      ['utf-8', 1],
    ])
    expect(report).toMatchObject({
      encoding: 'mixed',
      rows: 4,
      rejects: 2,
      rejectsByReason: { 'duplicate-id': 1 },
    })
    await expect(loadFiles(paths.slice(0, 2), { rejects: 'collect', rejectLimit: 1 })).rejects.toMatchObject({
      code: 'data/too-many-rejects',
    })
    expect((await loadFiles(paths.slice(2), columns)).rows[0]?.id).toBe(`${paths[2]}:1`)
  })

  it('of a folder are one part if they are numbered', async () => {
    await written('train-00000-of-00002.tsv', 'text\tgroup\n쌀\t011\n')
    await written('train-00001-of-00002.tsv.gz', gzipSync('text\tgroup\n소\t012\n'))
    const [part] = (await openDataset(folder)).parts
    expect(part?.name).toBe('train-00000-of-00002.tsv and 1 more')
    expect(part && (await collectRows(part.blocks())).rows.map((row) => row.text)).toEqual(['쌀', '소'])
    await written('train.csv', 'text,group\n소,012\n')
    await expect(openDataset(folder)).rejects.toMatchObject({ code: 'data/ambiguous-folder' })
  })
})

describe('a file of rejects', () => {
  const lines = file(...good, 'id_4|A|1|99|벼\t\u0007재배||', 'id_5')

  it('has file, line, reason and message of each reject', async () => {
    const rejectsFile = join(folder, 'rejects.tsv')
    const { rejects } = await loadRows(await written('d.txt', lines), { rejects: 'collect', rejectsFile })
    const [head, ...table] = (await readFile(rejectsFile, 'utf8')).trimEnd().split('\n')
    expect(head).toBe('file\tline\treason\tmessage\texcerpt')
    expect(table.map((line) => line.split('\t'))).toEqual(
      rejects.map(({ line, reason, message, excerpt }) => ['d.txt', String(line), reason, message, excerpt]),
    )
    await loadRows(new TextEncoder().encode(file(...good)), { rejects: 'collect', rejectsFile })
    expect(await readFile(rejectsFile, 'utf8')).toBe(`${head}\n`)
  })

  it('is also written when the limit ends reading', async () => {
    const rejectsFile = join(folder, 'limit.tsv')
    const bytes = new TextEncoder().encode(lines)
    await expect(loadRows(bytes, { rejects: 'collect', rejectLimit: 1, rejectsFile })).rejects.toMatchObject({
      code: 'data/too-many-rejects',
    })
    expect((await readFile(rejectsFile, 'utf8')).trimEnd().split('\n')).toHaveLength(3)
  })

  it('needs collected rejects', async () => {
    await expect(loadRows('none', { rejectsFile: 'x' })).rejects.toMatchObject({
      code: 'data/reject-options',
    })
  })
})

it('normalises texts on request, but not fields, and reports it', async () => {
  const line = `id_1|A|1|11|${'논에서'.normalize('NFD')}|ＣＮＣ|`
  const bytes = new TextEncoder().encode(file(line))
  expect((await loadRows(bytes)).rows[0]?.text).toBe(`${'논에서'.normalize('NFD')} ＣＮＣ`)
  const { rows, report } = await loadRows(bytes, { normalization: 'nfc-width' })
  expect(rows[0]).toMatchObject({
    text: '논에서 CNC',
    fields: { object: '논에서'.normalize('NFD'), method: 'ＣＮＣ' },
  })
  expect(describeReport(report)).toContain('texts normalised (nfc-width)')
})
