import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defined } from '@kic/core'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  loadFiles,
  loadRows,
  openDataset,
  readRowBlocks,
  recogniseLayout,
} from '../__fixtures__/ksic-files.ts'
import { workbookBytes, zipOf } from '../__fixtures__/workbook-bytes.ts'
import { plainTextLayout } from '../read/layout.ts'
import type { ReadOptions } from '../read/read-options.ts'
import { describeReport } from '../read/read-report.ts'
import { singleSpaced } from '../row.ts'
import { openXlsxWriter } from './xlsx-writer.ts'

const collecting: ReadOptions = { rejects: 'collect', others: 'keep' }

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kic-xlsx-'))
})
afterAll(() => rm(folder, { recursive: true }))

const text = (value: string): string => `<c t="inlineStr"><is><t>${value}</t></is></c>`
const header = `<row r="1">${['id', 'text', 'memo'].map(text).join('')}</row>`
const memos = async (cells: string, others: Parameters<typeof workbookBytes>[0] = { rows: '' }) => {
  const rows = `${header}<row r="2">${text('1')}${text('벼')}${cells}</row>`
  const { rows: found } = await loadRows(await workbookBytes({ ...others, rows }), collecting)
  return found[0]?.others?.memo
}

describe('cells', () => {
  it.each([
    ['<c><v>11</v></c>', '11'],
    ['<c t="n"><v>4711.0</v></c>', '4711'],
    ['<c><v>1.1000000000000001</v></c>', '1.1'],
    ['<c><v>1E3</v></c>', '1000'],
    ['<c t="b"><v>1</v></c>', 'TRUE'],
    ['<c t="b"><v>0</v></c>', 'FALSE'],
    ['<c t="d"><v>2023-01-05</v></c>', '2023-01-05'],
    ['<c t="e"><v>#REF!</v></c>', '#REF!'],
    ['<c t="s"><v>0</v></c>', '논에서'],
    ['<c t="s"><v>1</v></c>', '벼 재배_x'],
    ['<c t="s"><v>2</v></c>', ' 글\r_x0041_ '],
    ['<c t="str"><f>A1&amp;"x"</f><v>1x</v></c>', '1x'],
    ['<c t="str"><f>A1</f><v></v></c>', ''],
    ['<c><f>1+1</f><v>2</v></c>', '2'],
    ['<c><f>1+1</f></c>', ''],
    ['<c t="inlineStr"><is><r><t>굵</t></r><r><t>은</t></r><rPh><t>읽기</t></rPh></is></c>', '굵은'],
    ['<c r="C2"/>', ''],
    ['<c r="C2" s="1"><v>11</v></c>', '011'],
    ['<c r="C2" s="1"><v>1.5</v></c>', '1.5'],
    ['<c r="C2" s="2"><v>44931</v></c>', '2023-01-05'],
    ['<c r="C2" s="3"><v>44931.5625</v></c>', '2023-01-05T13:30:00'],
    ['<c r="C2" s="3"><v>0.5</v></c>', '12:00:00'],
    ['<c r="C2" s="4"><v>44931</v></c>', '44931'],
    ['<c r="C2" s="2"><v>1</v></c>', '1900-01-01'],
    ['<c r="C2" s="2"><v>61</v></c>', '1900-03-01'],
    ['<c r="C2"><v><![CDATA[7]]></v></c>', '7'],
    ['<x:c xmlns:x="y" r="C2"><x:v>7</x:v></x:c>', '7'],
  ])('are texts: %s', async (cell, expected) => {
    const strings =
      '<si><t>논에서</t></si><si><r><t>벼 </t></r><rPh><t>x</t></rPh><r><t>재배_x</t></r></si><si><t> 글_x000D__x005F_x0041_ </t></si>'
    const styles =
      '<numFmts><numFmt numFmtId="200" formatCode="000"/><numFmt numFmtId="201" formatCode="yyyy&quot;년&quot; h:mm"/><numFmt numFmtId="202" formatCode="[Red]&quot;days&quot;\\h0"/></numFmts>' +
      '<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="200"/><xf numFmtId="14"/><xf numFmtId="201"/><xf numFmtId="202"/></cellXfs>'
    expect(await memos(cell, { rows: '', strings, styles })).toBe(expected)
  })

  it('count days from 1904 if the workbook does', async () => {
    const styles = '<cellXfs><xf numFmtId="14"/></cellXfs>'
    expect(await memos('<c><v>0</v></c>', { rows: '', styles, date1904: true })).toBe('1904-01-01')
  })

  it('with errors or formulas without a value reject their row if they are used', async () => {
    const rows =
      `${header}<row r="2">${text('1')}<c t="e"><v>#N/A</v></c>${text('메모')}</row>` +
      `<row r="3">${text('2')}<c><f>NOW()</f><v/></c></row><row r="4">${text('3')}${text('벼')}<c t="e"><v>#N/A</v></c></row>`
    const found = await loadRows(await workbookBytes({ rows }), collecting)
    expect(found.rows).toMatchObject([{ id: '3', others: { memo: '#N/A' } }])
    expect(found.rejects).toMatchObject([
      { line: 2, id: '1', reason: 'unreadable-cell', others: { memo: '메모' } },
      { line: 3, id: '2', reason: 'unreadable-cell' },
    ])
    expect(found.rejects[0]?.message).toContain('the error #N/A')
    expect(found.rejects[1]?.message).toContain('a formula without a stored value')
  })
})

describe('rows', () => {
  it('keep their numbers; empty rows are blank lines, except after the last row', async () => {
    const rows =
      `<row r="2"/><row r="3">${['text', 'group'].map(text).join('')}</row><row r="4"/><row r="5"><c r="B5"><v>11</v></c><c r="A5" t="str"><v>벼</v></c></row>` +
      `<row><c/></row><row r="9">${text('소')}<c r="C9" t="str"><v>x</v></c></row><row r="10">${text('말')}</row><row r="11"/>`
    const {
      rows: found,
      rejects,
      report,
    } = await loadRows(await workbookBytes({ rows }), { ...collecting, name: 'a.xlsx' })
    expect(found).toMatchObject([
      { id: 'a.xlsx:5', line: 5, text: '벼', labels: { group: '011' } },
      { id: 'a.xlsx:9', line: 9, text: '소' },
      { id: 'a.xlsx:10', line: 10, text: '말' },
    ])
    expect(rejects).toEqual([])
    expect(describeReport(report)).toBe(
      'a.xlsx: XLSX (text, group), UTF-8 (by its format), 3 rows (1 labelled), none rejected, 2 blank lines',
    )
  })

  it('need no header if they are text and code, or if the layout has none', async () => {
    const rows = `<row r="1">${text('벼')}${text('011')}</row><row r="2">${text('소')}${text('012')}</row>`
    const bytes = await workbookBytes({ rows })
    expect((await loadRows(bytes)).rows).toMatchObject([{ line: 1, labels: { group: '011' } }, { line: 2 }])
    const plain = await workbookBytes({ rows: `<row>${text('벼')}</row><row>${text('소')}</row>` })
    expect((await loadRows(plain, { layout: plainTextLayout })).rows.map((row) => row.text)).toEqual([
      '벼',
      '소',
    ])
    expect((await loadRows(bytes, { layout: plainTextLayout, rejects: 'collect' })).rejects).toMatchObject([
      { line: 1, reason: 'too-many-fields' },
      { line: 2 },
    ])
    await expect(loadRows(plain)).rejects.toMatchObject({ code: 'data/unknown-format' })
  })

  it('are those of the named sheet, or of the first visible one', async () => {
    const sheet = (name: string) =>
      `<worksheet><sheetData><row>${text('text')}</row><row>${text(name)}</row></sheetData></worksheet>`
    const relation = (i: number, type = 'worksheet') =>
      `<Relationship Id="r${i}" Type="x/${type}" Target="${type === 'worksheet' ? `../sheets/${i}.xml` : 'c.xml'}"/>`
    const bytes = await workbookBytes({
      rows: '',
      parts: {
        'xl/workbook.xml':
          '<workbook xmlns:r="x"><sheets><sheet name="chart" r:id="r4"/><sheet name="old" state="hidden" r:id="r1"/><sheet name="답변" r:id="r2"/><sheet name="more" r:id="r3"/></sheets></workbook>',
        'xl/_rels/workbook.xml.rels': `<Relationships>${relation(1)}${relation(2)}${relation(3)}${relation(4, 'chartsheet')}</Relationships>`,
        'sheets/1.xml': sheet('one'),
        'sheets/2.xml': sheet('two'),
        'sheets/3.xml': sheet('three'),
      },
    })
    const read = async (wanted?: string) => (await loadRows(bytes, { sheet: wanted })).rows[0]?.text
    expect([
      await read(),
      await read('old'),
      await read(' MORE'),
      await read('답변'.normalize('NFD')),
    ]).toEqual(['two', 'one', 'three', 'two'])
    await expect(read('none')).rejects.toMatchObject({
      code: 'data/unknown-sheet',
      message: expect.stringContaining("must be one of 'old', '답변', 'more', received 'none'"),
    })
    expect((await recogniseLayout(bytes)).name).toBe("XLSX sheet '답변' of 3 (text)")
    await expect(loadRows(new TextEncoder().encode('text\n벼\n'), { sheet: 'x' })).rejects.toMatchObject({
      code: 'data/unknown-sheet',
    })
  })
})

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom(
    '=1+1',
    '+1',
    '@x',
    '-식당',
    "'",
    '011',
    '007',
    '_x0041_',
    '&<>"',
    ' 벼 ',
    '\u0000',
    '\ud800',
    '\r\n',
    ']]>',
    'TRUE',
    '1e5',
  ),
)

describe('workbooks written here', () => {
  it('are read back equal, with zeros of codes and any texts', async () => {
    const row = fc.tuple(
      anyText,
      anyText,
      fc.constantFrom('011', '952', ''),
      fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), anyText),
    )
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { minLength: 1, maxLength: 7 }),
        fc.integer({ min: 2, max: 5 }),
        async (table, rowsPerSheet) => {
          const path = join(folder, 'written.xlsx')
          const columns = ['id', 'text', 'group', 'memo=']
          const written = table.map(([memo, own, code, number], i) => [
            `00${i}`,
            `글 ${own}`,
            code,
            typeof number === 'number' ? number : memo,
          ])
          const writer = await openXlsxWriter(path, {
            columns,
            sheet: '답변',
            rowsPerSheet: table.length > 4 ? rowsPerSheet : undefined,
          })
          await writer.write(written.slice(0, 2))
          await writer.write(written.slice(2))
          await writer.finish()
          const perSheet = table.length > 4 ? rowsPerSheet - 1 : table.length
          const sheets = Math.ceil(table.length / perSheet)
          const found = []
          for (let n = 1; n <= sheets; n++)
            found.push(
              ...(await loadRows(path, { ...collecting, sheet: n === 1 ? '답변' : `답변 (${n})` })).rows,
            )
          expect(
            found.map(({ id, text: own, labels, others }) => [
              id,
              own,
              labels?.group ?? '',
              others?.['memo='],
            ]),
          ).toEqual(
            written.map(([id, own, code, memo]) => [
              id,
              singleSpaced(String(own)),
              code,
              String(Object.is(memo, -0) ? 0 : memo),
            ]),
          )
        },
      ),
      { numRuns: 100 },
    )
  })

  it('have no formulas, have equal bytes for equal rows, and appear atomically', async () => {
    const path = join(folder, 'deep', 'a.xlsx')
    const write = async (own: string) => {
      const writer = await openXlsxWriter(own, { columns: ['id', 'text'] })
      await writer.write([['=cmd|x', '=1+1']])
      await expect(readFile(own)).rejects.toMatchObject({ code: 'ENOENT' })
      await writer.finish()
      return readFile(own)
    }
    const bytes = await write(path)
    expect(await write(join(folder, 'b.xlsx'))).toEqual(bytes)
    const { openZip } = await import('./zip-parts.ts')
    const zip = await openZip(bytes, 'a')
    const pieces = []
    for await (const piece of zip.read('xl/worksheets/sheet1.xml', { bytes: 1e6, perPackedByte: 0 }))
      pieces.push(piece)
    const xml = Buffer.concat(pieces).toString()
    expect(xml).not.toMatch(/<f|t="str"/)
    expect(xml).toContain('<c r="B2" s="1" t="inlineStr"><is><t xml:space="preserve">=1+1</t></is></c>')
  })

  it('truncate long cells, and keep another name after a failure', async () => {
    const path = join(folder, 'long.xlsx')
    const writer = await openXlsxWriter(path, { columns: ['text'] })
    await writer.write([[`${'x'.repeat(32_765)}😀${'x'.repeat(10)}`], ['y'.repeat(32_767)]])
    await writer.keep()
    expect(writer.cutTexts).toBe(1)
    const { rows } = await loadRows(await readFile(writer.partial))
    expect(rows.map((row) => row.text)).toEqual([`${'x'.repeat(32_765)}…`, 'y'.repeat(32_767)])
    await writeFile(join(folder, 'file'), '')
    await expect(openXlsxWriter(join(folder, 'file', 'a.xlsx'), { columns: ['x'] })).rejects.toMatchObject({
      code: 'data/write-failed',
    })
  })

  it('by kic predict are read back without options', async () => {
    const path = join(folder, 'coded.xlsx')
    const columns = ['id', 'line', 'status', 'reason', 'group', 'group_name', 'group_confidence', 'text']
    const writer = await openXlsxWriter(path, { columns })
    await writer.write([
      ['', 2, 'ok', '', '011', '작물', 0.9, "'=1+1"],
      ['007', 3, 'unusable', 'empty', '', '', '', ''],
    ])
    await writer.finish()
    const { rows, rejects } = await loadRows(path, { rejects: 'collect' })
    expect(rows).toMatchObject([{ id: 'coded.xlsx:2', text: "'=1+1", labels: { group: '011' } }])
    expect(rejects).toMatchObject([{ id: '007', reason: 'empty-text' }])
  })

  it('with many rows are read in blocks, also beside files of other formats', async () => {
    const path = join(folder, 'train.xlsx')
    const writer = await openXlsxWriter(path, { columns: ['text', 'group'] })
    for (let start = 0; start < 30_000; start += 5000)
      await writer.write(Array.from({ length: 5000 }, (_, i) => [`벼 ${start + i}`, '011']))
    await writer.finish()
    let [rows, blocks] = [0, 0]
    for await (const block of readRowBlocks(path)) {
      expect(block.rows[0]?.text).toBe(`벼 ${rows}`)
      rows += block.rows.length
      blocks += 1
    }
    expect(rows).toBe(30_000)
    expect(blocks).toBeGreaterThan(5)
    const csv = join(folder, 'x.csv')
    await writeFile(csv, 'text,group\n소,012\n')
    expect((await loadFiles([csv, path])).rows).toHaveLength(30_001)
    expect((await openDataset(path)).parts[0]?.layout).toBe('XLSX (text, group)')
    for await (const block of readRowBlocks(path)) if (block.rows.length > 0) break
  })
})

describe('hostile and broken workbooks', () => {
  const refused = async (bytes: Uint8Array, code: string, message = '') =>
    expect(loadRows(bytes, collecting)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
    })

  it('are refused with their fault', async () => {
    await refused(
      Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, 0, 0),
      'data/unreadable-workbook',
      'old .xls workbook or one with a password',
    )
    await refused(await zipOf({ 'a.txt': 'x' }), 'data/not-text', 'a ZIP archive without a workbook')
    await refused(
      await zipOf({ mimetype: 'x', 'content.xml': '<x/>' }),
      'data/unreadable-workbook',
      'OpenDocument',
    )
    const root = (target: string) => ({
      '_rels/.rels': `<R><Relationship Id="a" Type="x/officeDocument" Target="${target}"/></R>`,
    })
    await refused(
      await zipOf({ ...root('xl/workbook.bin'), 'xl/workbook.bin': 'x' }),
      'data/unreadable-workbook',
      '.xlsb',
    )
    await refused(
      await zipOf({ ...root('word/document.xml'), 'word/document.xml': '<x/>' }),
      'data/unreadable-workbook',
      'other than a workbook',
    )
    await refused(await workbookBytes({ rows: '' }), 'data/empty-file')
    await refused(await workbookBytes({ rows: header }), 'data/empty-file')
    async function* stream() {
      yield await workbookBytes({ rows: header })
    }
    await expect(loadRows(stream())).rejects.toMatchObject({
      code: 'data/not-text',
      message: expect.stringContaining('must be a path'),
    })
  })

  it.each([
    ['a reference to no text', `${header}<row><c t="s"><v>5</v></c></row>`, 'refers to text 5 of 0'],
    ['a number that is none', `${header}<row><c><v>x</v></c></row>`, "the invalid number 'x'"],
    ['a type that is none', `${header}<row><c t="zz"><v>1</v></c></row>`, "unknown type 'zz'"],
    ['rows out of order', `<row r="5"/><row r="4"/>`, 'row 4 comes after row 5'],
    ['a row beyond the last', `<row r="99999999"/>`, 'comes after row 0'],
    ['a place that is none', `<row><c r="5"/></row>`, "the invalid reference '5'"],
    ['too many columns', `<row><c r="XFE1"/></row>`, 'more than 16384 cells'],
    ['XML cut short', `${header}<row>`, 'must be intact'],
    ['an entity', `${header}<row>${text('&bomb;')}</row>`, 'must be intact'],
  ])('are damaged: %s', async (_, rows, message) => {
    await refused(await workbookBytes({ rows }), 'data/damaged-xlsx', message)
  })

  it('cannot define entities, miss parts, or have them twice', async () => {
    const bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><worksheet><sheetData/></worksheet>'
    await refused(
      await workbookBytes({ rows: '', parts: { 'xl/worksheets/sheet1.xml': bomb } }),
      'data/damaged-xlsx',
      'document type',
    )
    const gone = '<Relationships><Relationship Id="r1" Type="x/worksheet" Target="none.xml"/></Relationships>'
    await refused(
      await workbookBytes({ rows: '', parts: { 'xl/_rels/workbook.xml.rels': gone } }),
      'data/damaged-xlsx',
      'xl/none.xml is missing',
    )
    await refused(
      await workbookBytes({ rows: '', parts: { 'XL/Workbook.xml': '<x/>' } }),
      'data/damaged-xlsx',
      'occurs twice',
    )
  })

  it('unpack to a limited multiple of their size', async () => {
    const strings = '<si><t/></si>'.repeat(3_000_000)
    const before = process.memoryUsage().arrayBuffers
    await refused(
      await workbookBytes({ rows: header, strings }),
      'data/damaged-xlsx',
      'must not unpack to more than',
    )
    const rows = header + `<x a="${'x'.repeat(100_000)}"/>`.repeat(300)
    await refused(await workbookBytes({ rows }), 'data/damaged-xlsx', 'must not unpack to more than')
    const comment = await workbookBytes({ rows: `<!--${'x'.repeat(10_000_000)}-->${header}` })
    await refused(comment, 'data/damaged-xlsx', 'is longer than')
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(100e6)
  })

  it('are damaged if a text differs from its checksum', async () => {
    const rows = `${header}<row>${text('1')}${text('abc')}</row>`
    const bytes = Buffer.from(await workbookBytes({ rows, compress: false }))
    expect((await loadRows(bytes)).rows[0]?.text).toBe('abc')
    bytes[bytes.indexOf('abc')] = 0x7a
    await refused(bytes, 'data/damaged-xlsx', 'wrong checksum')
  })

  it('with any byte changed or cut off have rows or an error of this package', async () => {
    const rows = `${header}${Array.from({ length: 30 }, (_, i) => `<row r="${i + 2}">${text(`id ${i}`)}<c t="s"><v>${i % 3}</v></c></row>`).join('')}`
    const whole = await workbookBytes({
      rows,
      strings: '<si><t>벼</t></si><si><t>소</t></si><si><t>말</t></si>',
    })
    const expected = (await loadRows(whole, collecting)).rows
    await fc.assert(
      fc.asyncProperty(
        fc.nat(whole.length - 1),
        fc.integer({ min: 1, max: 255 }),
        fc.boolean(),
        async (at, change, cut) => {
          const bytes = cut ? whole.slice(0, at) : Uint8Array.from(whole)
          if (!cut) bytes[at] = defined(bytes[at]) ^ change
          try {
            // Bytes that nobody reads, such as dates of parts, may be anything.
            expect((await loadRows(bytes, collecting)).rows).toEqual(expected)
          } catch (error) {
            expect(error).toMatchObject({ name: 'KicError' })
          }
        },
      ),
      { numRuns: 600 },
    )
  })
})
