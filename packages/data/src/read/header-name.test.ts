import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { loadRows, recogniseLayout } from '../__fixtures__/ksic-files.ts'
import { columnsNamed, distinctNames, headerName } from './header-name.ts'
import { answerSheetLayout } from './layout.ts'

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)

/** What a program may leave around a name without anybody seeing it. */
const outer = fc.array(
  fc.constantFrom(' ', '\u00a0', '\u3000', '\u200b', '\ufeff', '\u2060', '\u200d', '\u2003', '\u00ad'),
  { maxLength: 3 },
)

/** Another spelling of a name that a person takes for the same. */
const spelling = (name: string): fc.Arbitrary<string> =>
  fc.tuple(outer, outer, fc.constantFrom('NFC', 'NFD'), fc.boolean()).map(([before, after, form, upper]) => {
    const cased = upper ? name.toUpperCase() : name
    return `${before.join('')}${cased.normalize(form)}${after.join('')}`
  })

const lineBreak = fc.constantFrom('\n', '\r\n', '\n\n', ' \n', '\r\n\r\n')

describe('names of columns', () => {
  it('match in every spelling, quoted or not', async () => {
    await fc.assert(
      fc.asyncProperty(
        spelling('사업내용'),
        spelling('사업내용'),
        spelling('번호'),
        spelling('no'),
        fc.boolean(),
        fc.constantFrom(',', '\t'),
        async (written, wanted, id, unwanted, quoted, delimiter) => {
          const header = [id, unwanted, written].map((cell) => (quoted ? `"${cell}"` : cell)).join(delimiter)
          const bytes = utf8(`${header}\r\n7${delimiter}x${delimiter}벼 재배\r\n`)
          const { rows } = await loadRows(bytes, { columns: { text: wanted, id: '번호' }, others: 'keep' })
          expect(rows).toEqual([
            { id: '7', line: 2, text: '벼 재배', others: { [headerName(unwanted)]: 'x' } },
          ])
        },
      ),
      { numRuns: 300 },
    )
  })

  it('may contain quoted line breaks in CSV and TSV', async () => {
    await fc.assert(
      fc.asyncProperty(lineBreak, lineBreak, fc.constantFrom(',', '\t'), async (one, two, delimiter) => {
        const header = [`"비고${one}(있으면)"`, `"사업${two}내용, 글"`, '번호'].join(delimiter)
        const bytes = utf8(`\ufeff${header}\r\n${['메모', '벼 재배', '1'].join(delimiter)}\r\n`)
        const lines = header.split('\n').length
        for (const text of ['사업 내용, 글', `사업${two}내용, 글`, '사업내용,글']) {
          const { rows } = await loadRows(bytes, { columns: { text, id: '번호' }, others: 'keep' })
          expect(rows).toEqual([
            { id: '1', line: 1 + lines, text: '벼 재배', others: { '비고 (있으면)': '메모' } },
          ])
        }
      }),
    )
  })

  it('may be known names, beside any others', async () => {
    const bytes = utf8('\ufeff\ufeff"메모\n(있으면)",ID ,TEXT\u00a0,Group\n,1,벼,11\n')
    const { rows, report } = await loadRows(bytes)
    expect(rows).toMatchObject([{ id: '1', line: 3, text: '벼', labels: { group: '011' } }])
    expect(report.layout).toBe('CSV (ID, TEXT, Group)')
    const layout = await recogniseLayout(bytes)
    expect((await loadRows(bytes, { layout })).rows).toEqual(rows)
  })

  it('may be the competition’s', async () => {
    const header = (answerSheetLayout.header ?? []).map((cell) => `"\u200b${cell} "`).join(',')
    expect((await loadRows(utf8(`\ufeff\ufeff${header}\r\n1,A,1,11,벼,재배,쌀\r\n`))).rows).toHaveLength(1)
  })

  it('leave a lone quote in the first row of a table without a header alone', async () => {
    const { rows } = await loadRows(utf8('"벼 재배\t011\n소"\t012\n"3" 못"\t259\n'))
    expect(rows.map(({ text }) => text)).toEqual(['"벼 재배', '소"', '"3" 못"'])
  })
})

describe('columnsNamed', () => {
  it('takes similar names only without an exact match', () => {
    expect(columnsNamed(['사업 내용', '사업내용'], '사업내용')).toEqual([1])
    expect(columnsNamed(['사업 내용(한글)', 'x'], '사업내용（한글）')).toEqual([0])
    expect(columnsNamed(['사업 내용', '사업  내용'], '사업내용')).toEqual([0, 1])
  })
})

describe('errors', () => {
  it('never show one name as wanted and present', async () => {
    await expect(
      loadRows(utf8('id,text , text\n1,a,b\n'), { columns: { text: 'text' } }),
    ).rejects.toMatchObject({
      message: expect.stringContaining("must have 'text' once, received it 2 times, as columns 2 and 3"),
    })
    await expect(
      loadRows(utf8('id,내용\n1,a\n'), { columns: { text: '글', id: 'id' } }),
    ).rejects.toMatchObject({
      message: expect.stringContaining("must have '글' once, received 'id, 내용'"),
    })
    await expect(loadRows(utf8('a,b\n1,a\n'), { columns: { text: 'a', id: 'A' } })).rejects.toMatchObject({
      message: expect.stringContaining("received 'A' for two"),
    })
  })
})

describe('a header that is known in part', () => {
  it.each([
    [
      'id,내용',
      "a column must be called text (or object, method, deal), received 'id, 내용'. Map the column with the text.",
    ],
    ['id,text,TEXT ', "as 'text' and 'TEXT' do (columns 2 and 3)"],
    ['id\ttext\tcode\tgroup', "'code' has any level and 'group' one level"],
    ['text|object', "'text' is whole and 'object' is a part"],
    ['id,a,b,c,group', 'a column must be called text'],
  ])('has a clear error: %s', async (header, message) => {
    await expect(loadRows(utf8(`${header}\n`))).rejects.toMatchObject({
      message: expect.stringContaining(message),
    })
  })
})

describe('distinctNames', () => {
  it('loses no column', () => {
    expect(distinctNames(['메모', ' 메모', '', '메모 (2)'])).toEqual([
      '메모',
      '메모 (2)',
      'column 3',
      '메모 (2) (2)',
    ])
  })
})
