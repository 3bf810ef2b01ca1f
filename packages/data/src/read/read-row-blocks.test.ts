import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import iconv from 'iconv-lite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadRows, readRowBlocks, readRows } from '../__fixtures__/ksic-files.ts'
import { competitionLayout, plainTextLayout } from './layout.ts'
import type { ReadOptions } from './read-options.ts'
import { describeReport } from './read-report.ts'

const header = 'AI_id|digit_1|digit_2|digit_3|text_obj|text_mthd|text_deal'
const good = ['id_1|A|1|11|논에서|벼재배|쌀', 'id_2|C|10|107|공장에서|제조|똠얌소스', 'id_3||||세탁소||']
const file = (...lines: string[]): string => [header, ...lines, ''].join('\r\n')
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)
const cp949 = (text: string): Uint8Array => iconv.encode(text, 'cp949')
const collecting: ReadOptions = { rejects: 'collect' }

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kic-read-'))
})
afterAll(() => rm(folder, { recursive: true }))

describe('encodings', () => {
  it.each([
    ['cp949', cp949(file(...good)), 'cp949', 'bytes'],
    ['UTF-8', utf8(file(...good)), 'utf-8', 'bytes'],
    ['UTF-8 with a byte order mark', utf8(`\ufeff${file(...good)}`), 'utf-8', 'byte order mark'],
    [
      'UTF-8 with line feeds and no last line break',
      utf8(
        file(...good)
          .replaceAll('\r', '')
          .trim(),
      ),
      'utf-8',
      'bytes',
    ],
  ])('are detected: %s', async (_, bytes, encoding, foundBy) => {
    const { rows, report } = await loadRows(bytes)
    expect(report).toMatchObject({ encoding, foundBy, rows: 3, labelled: 2, rejects: 0, blankLines: 0 })
    expect(rows.map((row) => row.text)).toEqual(['논에서 벼재배 쌀', '공장에서 제조 똠얌소스', '세탁소'])
    expect(rows.map((row) => row.line)).toEqual([2, 3, 4])
    expect(rows[0]?.fields?.deal).toBe('쌀')
  })

  it('stay undecided while every byte is ASCII, also across blocks', async () => {
    const ascii = Array.from({ length: 20_000 }, (_, i) => `id_${i}|A|1|11|rice|grow|rice`)
    expect((await loadRows(cp949(file(...ascii)))).report.encoding).toBe('ascii')
    const late = cp949(file(...ascii, 'id_x|A|1|11|논||'))
    const { rows, report } = await loadRows(late)
    expect(report).toMatchObject({ encoding: 'cp949', rows: 20_001 })
    expect(rows.at(-1)?.text).toBe('논')
  })

  it('are decided by the majority of rows when a byte is broken', async () => {
    const lines = Array.from({ length: 50 }, (_, i) => `id_${i}|A|1|11|논에서${i}|벼를 재배|쌀`)
    for (const encode of [cp949, utf8]) {
      const bytes = Uint8Array.from(encode(file(...lines)))
      const at = bytes.indexOf(0x0a, 900) - 3
      bytes[at] = 0xff
      const { report, rejects } = await loadRows(bytes, collecting)
      expect(report).toMatchObject({ encoding: encode === cp949 ? 'cp949' : 'utf-8', rows: 49, rejects: 1 })
      const line = new TextDecoder('latin1').decode(bytes.subarray(0, at)).split('\n').length
      expect(rejects[0]).toMatchObject({
        line,
        reason: 'undecodable',
        excerpt: expect.stringContaining('\\xFF'),
      })
    }
  })

  it('can be forced; a wrong one is an error with line, byte and offset', async () => {
    await expect(loadRows(cp949(file(...good)), { encoding: 'utf-8' })).rejects.toMatchObject({
      code: 'data/undecodable',
      message: expect.stringMatching(
        /^rows, line 2: the row must be UTF-8, received byte 0xB3 at offset 72 of the file \(byte 13 of the row\)/,
      ),
    })
    expect((await loadRows(cp949(file(...good)), { encoding: 'cp949' })).report.foundBy).toBe('option')
  })
})

const rejected = async (...lines: string[]) => {
  const { rows, rejects, report } = await loadRows(utf8(file(...lines)), collecting)
  expect(rows.length + rejects.length + report.blankLines).toBe(lines.length)
  return rejects.map(({ line, reason }) => [line, reason])
}

describe('bad rows', () => {
  it('are delivered beside good rows, in order, with their lines', async () => {
    expect(
      await rejected(
        'id_1|A|1|11|논에서|벼재배|쌀',
        'id_2|A|1|11|논에서',
        '',
        'id_3|A|1|11|논에서|벼|쌀|',
        'id_4|A|1|99|논에서|벼|쌀',
        'id_5|B|1|11|논에서|벼|쌀',
        'id_6|A|1|11| ||',
        'id_1|A|1|11|밭에서|보리재배|보리',
        ' ',
        'id_7|A|1',
      ),
    ).toEqual([
      [3, 'too-few-fields'],
      [5, 'too-many-fields'],
      [6, 'unknown-label'],
      [7, 'contradictory-labels'],
      [8, 'empty-text'],
      [9, 'duplicate-id'],
      [10, 'too-few-fields'],
      [11, 'too-few-fields'],
    ])
  })

  it('throw by default, with file, line, rule and row', async () => {
    const path = join(folder, 'bad.txt')
    await writeFile(path, file(...good, 'id_4|A|1'))
    await expect(loadRows(path)).rejects.toMatchObject({
      code: 'data/too-few-fields',
      message:
        "bad.txt, line 5: the competition format has 7 fields per row, received 3. Correct the row. The row starts with 'id_4|A|1'.",
    })
  })

  it('end reading above the limit', async () => {
    const lines = Array.from({ length: 30 }, (_, i) => `id_${i}|A`)
    await expect(
      loadRows(utf8(file(...good, ...lines)), { rejects: 'collect', rejectLimit: 29 }),
    ).rejects.toMatchObject({
      code: 'data/too-many-rejects',
      message: expect.stringContaining('30 too-few-fields'),
    })
    expect(
      (await loadRows(utf8(file(...good, ...lines)), { rejects: 'collect', rejectLimit: 30 })).rejects,
    ).toHaveLength(30)
  })

  it('may repeat an id on request', async () => {
    const lines = utf8(file('id_1|A|1|11|벼||', 'id_1|A|1|12|소||'))
    expect((await loadRows(lines, { duplicateIds: 'accept' })).rows).toHaveLength(2)
    await expect(loadRows(lines)).rejects.toMatchObject({
      code: 'data/duplicate-id',
      message: expect.stringContaining('first on line 2'),
    })
  })

  it('may be longer than the memory limit', async () => {
    const long = `id_2|A|1|11|${'쌀'.repeat(800_000)}||`
    const { rows, rejects } = await loadRows(
      utf8(file('id_1|A|1|11|벼||', long, 'id_3|A|1|12|소||')),
      collecting,
    )
    expect(rows.map((row) => row.line)).toEqual([2, 4])
    expect(rejects).toMatchObject([{ line: 3, reason: 'line-too-long' }])
  })

  it('may be one more cell in a truncated last line', async () => {
    const { rejects } = await loadRows(utf8(`${file(...good)}id_9|A|1|1`), collecting)
    expect(rejects).toMatchObject([{ line: 5, reason: 'too-few-fields', excerpt: 'id_9|A|1|1' }])
  })
})

describe('wrong files', () => {
  it.each([
    ['data/empty-file', new Uint8Array(0)],
    ['data/empty-file', utf8('\ufeff')],
    ['data/empty-file', utf8(`${header}\r\n`)],
    ['data/empty-file', utf8(`${header}\r\n\r\n\r\n`)],
    ['data/wrong-header', utf8(good.join('\n'))],
    ['data/unknown-format', utf8('그냥 글\n')],
    ['data/unknown-format', new Uint8Array([0xff, 0xfe, 0x41, 0])],
    ['data/not-text', new Uint8Array([0xff, 0xfe, 0, 0, 0x41, 0, 0, 0])],
    ['data/damaged-gzip', new Uint8Array([0x1f, 0x8b, 8, 0])],
    ['data/damaged-parquet', utf8('PAR1 and no more')],
    ['data/not-text', new Uint8Array([0x41, 0, 0x0a])],
  ])('are refused: %s', async (code, bytes) => {
    await expect(loadRows(bytes, collecting)).rejects.toMatchObject({ code })
  })

  it('may be missing, or folders', async () => {
    await expect(loadRows(join(folder, 'none.txt'))).rejects.toMatchObject({
      code: 'data/missing-file',
      message: expect.stringContaining('none.txt'),
    })
    await expect(loadRows(folder)).rejects.toMatchObject({ code: 'data/not-a-file' })
  })

  it('must have the header of their layout', async () => {
    await expect(loadRows(utf8('쌀\t011\n'), { layout: competitionLayout })).rejects.toMatchObject({
      code: 'data/wrong-header',
    })
  })
})

describe('other layouts', () => {
  it('are text and code', async () => {
    const { rows, report } = await loadRows(cp949('쌀 재배\t011\n소 사육\t012\n'), { name: 'terms.txt' })
    expect(report.layout).toBe('text<TAB>code')
    expect(rows).toEqual([
      { id: 'terms.txt:1', line: 1, text: '쌀 재배', labels: { section: 'A', division: '01', group: '011' } },
      { id: 'terms.txt:2', line: 2, text: '소 사육', labels: { section: 'A', division: '01', group: '012' } },
    ])
  })

  it('are tables with named columns', async () => {
    const { rows } = await loadRows(utf8('text\tsection\tdivision\tgroup\n쌀\tA\t01\t011\n'))
    expect(rows).toMatchObject([{ line: 2, text: '쌀', labels: { group: '011' } }])
  })

  it('are plain texts, if named', async () => {
    const { rows } = await loadRows(utf8('한 문장.\n"따옴표|문장"\n'), { layout: plainTextLayout })
    expect(rows.map((row) => row.text)).toEqual(['한 문장.', '"따옴표|문장"'])
  })

  it('are quoted CSV', async () => {
    const csv = [
      header.replaceAll('|', ','),
      'id_1,A,1,11,"논에서, 밭에서","벼 ""재배""",쌀',
      'id_2,,,,"두 줄\n글",,',
      'id_3,,,,따"옴표,,',
      'id_4,,,,"열린',
      'id_5,,,,끝,,',
    ].join('\r\n')
    const { rows, rejects } = await loadRows(cp949(csv), collecting)
    expect(rows.map(({ line, text }) => [line, text])).toEqual([
      [2, '논에서, 밭에서 벼 "재배" 쌀'],
      [3, '두 줄 글'],
      [7, '끝'],
    ])
    expect(rejects.map(({ line, reason }) => [line, reason])).toEqual([
      [5, 'malformed-quotes'],
      [6, 'malformed-quotes'],
    ])
  })
})

describe('streams', () => {
  it('give the same rows, whatever pieces the bytes come in', async () => {
    const whole = cp949(file(...good))
    const expected = await loadRows(whole)
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 90 }), async (size) => {
        async function* pieces() {
          for (let i = 0; i < whole.length; i += size) yield whole.subarray(i, i + size)
        }
        expect(await loadRows(pieces())).toEqual(expected)
      }),
    )
  })

  it('are let go when the reader stops early', async () => {
    let closed = false
    async function* endless() {
      try {
        yield utf8(`${header}\n`)
        for (let i = 0; ; i++) yield utf8(`id_${i}|A|1|11|벼||\n`)
      } finally {
        closed = true
      }
    }
    for await (const row of readRows(endless())) if (row.line > 5) break
    expect(closed).toBe(true)
  })

  it('report what was found so far, block by block', async () => {
    const lines = Array.from({ length: 30_000 }, (_, i) => `id_${i}|A|1|11|벼 재배||`)
    const seen: number[] = []
    for await (const { report } of readRowBlocks(utf8(file(...lines)))) seen.push(report.rows)
    expect(seen.length).toBeGreaterThan(3)
    expect(seen).toEqual([...seen].sort((a, b) => a - b))
    expect(seen.at(-1)).toBe(30_000)
  })

  it('are described in a line', async () => {
    const { report } = await loadRows(cp949(file(...good, '', 'id_9')), { ...collecting, name: 'train.txt' })
    expect(describeReport(report)).toBe(
      'train.txt: competition format, cp949 (by its bytes), 3 rows (2 labelled), 1 rejected (1 too-few-fields), 1 blank lines',
    )
  })
})

describe('any bytes at all', () => {
  const cell = fc.oneof(
    fc.constantFrom('', 'A', '1', '11', '01', '벼', '논에서 재배', '"', 'a,b', '\t', '\ufffd', '\u3000'),
    fc.string({ maxLength: 5 }),
  )
  const row = fc.array(cell, { maxLength: 9 }).map((cells) => cells.join('|'))
  const noise = fc.uint8Array({ maxLength: 30 })
  const content = fc
    .array(fc.oneof(row.map(utf8), row.map(cp949), noise), { maxLength: 12 })
    .map((lines) => Buffer.concat(lines.flatMap((line) => [line, utf8('\n')])))

  it('become rows, rejects and blank lines, or a KicError', async () => {
    await fc.assert(
      fc.asyncProperty(content, fc.boolean(), async (body, csv) => {
        const start = utf8(`${csv ? header.replaceAll('|', ',') : header}\n`)
        const bytes = Buffer.concat([start, body])
        const lines = body.filter((byte) => byte === 0x0a).length
        try {
          const { rows, rejects, report } = await loadRows(bytes, { rejects: 'collect', maxLineBytes: 60 })
          expect(report).toMatchObject({ rows: rows.length, rejects: rejects.length })
          const total = rows.length + rejects.length + report.blankLines
          if (csv) expect(total).toBeLessThanOrEqual(lines)
          else expect(total).toBe(lines)
          for (const { text } of rows) expect(text).toMatch(/\S/)
        } catch (error) {
          expect(error).toMatchObject({ code: expect.stringMatching(/^data\/(?:empty-file|not-text)$/) })
        }
      }),
      { numRuns: 400 },
    )
  })

  it('never break the recognition of a format', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(noise, content), async (bytes) => {
        try {
          await loadRows(bytes, collecting)
        } catch (error) {
          expect(error).toMatchObject({ name: 'KicError' })
        }
      }),
      { numRuns: 400 },
    )
  })
})
