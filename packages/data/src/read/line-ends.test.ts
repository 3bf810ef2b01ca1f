import { gzipSync } from 'node:zlib'
import { flatClassification } from '@kic/classification'
import fc from 'fast-check'
import iconv from 'iconv-lite'
import { describe, expect, it } from 'vitest'
import { csvLine } from '../write/csv-cell.ts'
import { loadRows } from './collect-rows.ts'

const classification = flatClassification(['sport', 'politics'])
const rowsOf = async (bytes: Uint8Array) =>
  (await loadRows(bytes, { classification, name: 'rows' })).rows.map(({ id, line, text, labels }) => [
    id,
    line,
    text,
    labels?.label,
  ])

describe('files whose lines end in a carriage return alone', () => {
  const text = 'id,text,label\r1,벼 재배,sport\r2,"쌀, 국수",politics\r'
  const rows = [
    ['1', 2, '벼 재배', 'sport'],
    ['2', 3, '쌀, 국수', 'politics'],
  ]

  it.each([
    ['UTF-8', Buffer.from(text)],
    ['UTF-8 without a last line end', Buffer.from(text.slice(0, -1))],
    ['UTF-8 with a mark', Buffer.from(`\ufeff${text}`)],
    ['cp949', iconv.encode(text, 'cp949')],
    ['UTF-16', iconv.encode(text, 'utf-16le', { addBOM: true })],
    ['gzip', gzipSync(text)],
    ['TSV', Buffer.from('id\ttext\tlabel\r1\t벼 재배\tsport\r2\t쌀, 국수\tpolitics\r')],
    [
      'JSON lines',
      Buffer.from(
        '{"id":"1","text":"벼 재배","label":"sport"}\r{"id":"2","text":"쌀, 국수","label":"politics"}\r',
      ),
    ],
  ])('are read like others: %s', async (name, bytes) => {
    const before = name === 'JSON lines' ? 1 : 0
    expect(await rowsOf(bytes)).toEqual(
      rows.map(([id, line, ...rest]) => [id, Number(line) - before, ...rest]),
    )
  })

  it('give the rows of the same file with line feeds, beyond the first block, too', async () => {
    const cell = fc.string({ unit: fc.constantFrom(...'쌀a ,"'), minLength: 1, maxLength: 6 })
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          cell.filter((one) => one.trim() !== ''),
          { minLength: 1, maxLength: 5 },
        ),
        fc.constantFrom(1, 8000),
        async (texts, times) => {
          const cells = Array.from({ length: times }, () => texts).flat()
          const lines = [['id', 'text'], ...cells.map((one, i) => [`${i}`, one])].map(csvLine).join('')
          const read = (end: string) => rowsOf(Buffer.from(lines.replaceAll('\r\n', end)))
          expect(await read('\r')).toEqual(await read('\n'))
        },
      ),
      { numRuns: 8 },
    )
  })

  it('leave the bytes of the caller alone', async () => {
    const bytes = Buffer.from(text)
    await rowsOf(bytes)
    expect(bytes.toString()).toBe(text)
  })
})

it('a zero byte is refused with its line', async () => {
  for (const end of ['\n', '\r\n', '\r'])
    await expect(rowsOf(Buffer.from(['id,text', '1,rice', '2,c\0ow!', ''].join(end)))).rejects.toMatchObject({
      code: 'data/not-text',
      message: expect.stringContaining('received a zero byte in line 3'),
    })
})
