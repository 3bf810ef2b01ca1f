import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { codesOf, createClassification, labelsOf } from '@kic/classification'
import { ksic10 } from '@kic/classification/ksic'
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import iconv from 'iconv-lite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadRows, writeSubmission } from '../__fixtures__/ksic-files.ts'
import type { Row } from '../row.ts'
import { checkSubmission, type SubmissionRules } from './write-submission.ts'

let folder = ''
let path = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kic-submission-'))
  path = join(folder, 'submission.csv')
})
afterAll(() => rm(folder, { recursive: true }))

const row = (id: string, object: string, method = '', deal = ''): Row => ({
  id,
  line: 2,
  text: object,
  fields: { object, method, deal },
})
const rice = labelsOf(ksic10, 'group', '011')
const mining = labelsOf(ksic10, 'group', '080')
const header = 'AI_id,digit_1,digit_2,digit_3,text_obj,text_mthd,text_deal'

describe('writeSubmission', () => {
  it('writes the answer sheet of the competition, byte by byte', async () => {
    const report = await writeSubmission(
      path,
      [row('id_000001', '논에서', '벼, "재배"', '쌀'), row('id_000002', '똠')],
      [rice, mining],
    )
    expect(await readFile(path)).toEqual(
      iconv.encode(
        `${header}\r\nid_000001,A,1,11,논에서,"벼, ""재배""",쌀\r\nid_000002,B,8,80,똠,,\r\n`,
        'cp949',
      ),
    )
    expect(report).toEqual({ rows: 2, contradictory: 0, guarded: 0 })
  })

  it('keeps leading zeros, and writes UTF-8 on request', async () => {
    await writeSubmission(path, [row('id_1', '벼')], [rice], { leadingZeros: 'keep', encoding: 'utf-8-bom' })
    expect(await readFile(path, 'utf8')).toBe(`\ufeff${header}\r\nid_1,A,01,011,벼,,\r\n`)
  })

  it('can be read by other parsers and by this package', async () => {
    const cell = fc.string({
      unit: fc.constantFrom('가', '쌀', ' ', ',', '"', '\n', '\r', '=', "'", 'a', '\u3000'),
    })
    const group = fc.constantFrom(...codesOf(ksic10, 'group'))
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(cell, cell, cell, group), { minLength: 1 }), async (list) => {
        const rows = list.map(([a, b, c], i) => row(`id_${i}`, a, b, c))
        const labels = list.map(([, , , code]) => labelsOf(ksic10, 'group', code))
        await writeSubmission(path, rows, labels, { formulas: 'keep' })
        const text = iconv.decode(await readFile(path), 'cp949')
        const records: string[][] = parse(text, { record_delimiter: '\r\n' })
        expect(records.slice(1).map((record) => record.slice(4))).toEqual(list.map(([a, b, c]) => [a, b, c]))
        const { rows: read, rejects } = await loadRows(path, { rejects: 'collect' })
        expect(new Set(rejects.map((reject) => reject.reason)).size).toBeLessThanOrEqual(1)
        for (const { id, labels: found } of read) expect(found).toBe(labels[Number(id.slice(3))])
        expect(read).toHaveLength(list.filter(([a, b, c]) => /\S/.test(a + b + c)).length)
      }),
      { numRuns: 60 },
    )
  })

  it('accepts streams, and rows without separate fields', async () => {
    async function* rows() {
      yield { id: 'id_1', line: 2, text: '벼 재배' }
    }
    async function* predictions() {
      yield rice
    }
    await writeSubmission(path, rows(), predictions())
    expect(iconv.decode(await readFile(path), 'cp949')).toContain('id_1,A,1,11,벼 재배,,')
  })

  it('names its columns after the depth of the classification', async () => {
    const kinds = createClassification('kinds', [{ name: 'kind', nodes: [{ code: '31-33', name: '' }] }])
    await writeSubmission(path, [row('a', 'b')], [{ kind: '31-33' }], { classification: kinds })
    expect(await readFile(path, 'utf8')).toBe('AI_id,digit_1,text_obj,text_mthd,text_deal\r\na,31-33,b,,\r\n')
  })

  it.each(['=1+1', '+82', '-식당', '@여기', '＝１', '\t벼'])(
    'guards %j against spreadsheets',
    async (formula) => {
      const report = await writeSubmission(path, [row('id_1', formula, 'a-b')], [rice])
      const [, record]: string[][] = parse(iconv.decode(await readFile(path), 'cp949'))
      expect(record?.slice(4)).toEqual([`'${formula}`, 'a-b', ''])
      expect(report.guarded).toBe(1)
    },
  )

  it('counts levels that contradict each other', async () => {
    const report = await writeSubmission(
      path,
      [row('id_1', '벼'), row('id_2', '벼')],
      [rice, { ...rice, section: 'B' }],
    )
    expect(report.contradictory).toBe(1)
  })

  it.each([
    ['data/prediction-count', [row('a', 'x'), row('b', 'y')], [rice]],
    ['data/prediction-count', [row('a', 'x')], [rice, rice]],
    ['data/unknown-label', [row('a', 'x')], [{ ...rice, group: '999' }]],
    ['data/unknown-label', [row('a', 'x')], [{ section: 'A', division: '01' }]],
    ['data/unsafe-id', [row('=a', 'x')], [rice]],
    ['data/unencodable', [row('id_7', '커피☕')], [rice]],
  ])('refuses with %s, and keeps the old file', async (code, rows, predictions) => {
    await writeFile(path, 'old')
    await expect(writeSubmission(path, rows, predictions)).rejects.toMatchObject({ code })
    expect(await readFile(path, 'utf8')).toBe('old')
    expect(await readdir(folder)).toEqual(['submission.csv'])
  })

  it('reports a character without a code, or writes a question mark', async () => {
    const rows = [row('id_1', '벼?'), row('id_2', '커피☕')]
    await expect(writeSubmission(path, rows, [rice, rice])).rejects.toMatchObject({
      message: expect.stringMatching(
        /^row id_2: every character must be in cp949, received '☕' \(U\+2615\)/,
      ),
    })
    await writeSubmission(path, rows, [rice, rice], { unencodable: 'question-mark' })
    expect(iconv.decode(await readFile(path), 'cp949')).toContain('커피?')
    await expect(
      writeSubmission(path, [row('id_3', '\ud800')], [rice], { encoding: 'utf-8' }),
    ).rejects.toMatchObject({ code: 'data/unencodable' })
  })

  it('uses an encoding that supports every row, and reports it', async () => {
    const character = fc.constantFrom('벼', '재', '·', '･', '☕', '℃', 'é', ' ', '=')
    const cell = fc.array(character, { minLength: 1, maxLength: 5 }).map((parts) => `쌀${parts.join('')}`)
    await fc.assert(
      fc.asyncProperty(fc.array(cell, { minLength: 1, maxLength: 6 }), async (texts) => {
        const rows = texts.map((text, i) => row(`id_${i}`, text))
        const encoding = texts.some((text) => /[･☕é]/.test(text)) ? 'utf-8-bom' : 'cp949'
        expect(checkSubmission(rows, { encoding: 'auto' })).toBe(encoding)
        async function* stream() {
          yield* rows
        }
        const report = await writeSubmission(
          path,
          stream(),
          rows.map(() => rice),
          { encoding: 'auto' },
        )
        expect(report.encoding).toBe(encoding)
        const bytes = await readFile(path)
        const whole = `${header}\r\n${texts.map((text, i) => `id_${i},A,1,11,${text.trimEnd() === text ? text : `"${text}"`},,\r\n`).join('')}`
        expect(encoding === 'cp949' ? iconv.decode(bytes, 'cp949') : bytes.toString()).toBe(
          encoding === 'cp949' ? whole : `\ufeff${whole}`,
        )
      }),
      { numRuns: 60 },
    )
    expect(await readdir(folder)).toEqual(['submission.csv'])
  })

  it('can be checked before there are predictions', () => {
    const check =
      (own: Row, options: SubmissionRules = {}) =>
      () =>
        checkSubmission([row('a', 'b'), own], options)
    expect(check(row('id_7', '간판･광고'))).toThrow(
      expect.objectContaining({
        code: 'data/unencodable',
        message: expect.stringContaining('row id_7: every character must be in cp949'),
      }),
    )
    expect(check(row('=1', '벼'))).toThrow(expect.objectContaining({ code: 'data/unsafe-id' }))
    expect(check(row('1', '\ud800'), { encoding: 'auto' })).toThrow(
      expect.objectContaining({ code: 'data/unencodable' }),
    )
    expect(
      check(row('=1', '\ud800･'), { encoding: 'cp949', formulas: 'keep', unencodable: 'question-mark' })(),
    ).toBe('cp949')
  })

  it('reports a file that cannot be written', async () => {
    await writeFile(path, 'a file, not a folder')
    await expect(writeSubmission(join(path, 'x.csv'), [row('a', 'x')], [rice])).rejects.toMatchObject({
      code: 'core/write-failed',
    })
  })
})
