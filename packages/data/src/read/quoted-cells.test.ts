import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { loadRows, readRowBlocks } from '../__fixtures__/ksic-files.ts'
import { singleSpaced } from '../row.ts'
import { csvLine } from '../write/csv-cell.ts'
import type { ReadOptions } from './read-options.ts'

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)
const collecting: ReadOptions = { rejects: 'collect', rejectLimit: 1e6 }

const read = async (text: string) => {
  const { rows, rejects } = await loadRows(utf8(text), { ...collecting, others: 'keep' })
  return { rows: rows.map(({ id, text: own, others }) => [id, own, others?.memo ?? '']), rejects }
}

const word = fc.constantFrom('벼', '재배', '5', 'a', '"', '""', ',', '|', ' ', "'", '=1', '\t', '\n', '\r\n')
const anyCell = fc.array(word, { maxLength: 6 }).map((words) => `쌀${words.join('')}끝`)
/** Cells that a plain file can hold: no delimiter, no line break, and not quoted whole. */
const plainCell = fc
  .array(fc.constantFrom('벼', '"', '"', '5', ',', ' 재배', '""'), { minLength: 1, maxLength: 6 })
  .map((words) => words.join(''))
  .filter((cell) => !/^"(?:[^"]|"")*"$/.test(cell) && cell.trim() !== '')

const quoted = (cell: string): string => `"${cell.replaceAll('"', '""')}"`
const quotedIfNeeded = (cell: string): string => (/[",\t\r\n]/.test(cell) ? quoted(cell) : cell)

describe('quoted tables', () => {
  it('are read back equal from TSV and CSV, whichever cells are quoted', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(anyCell, anyCell), { minLength: 1, maxLength: 8 }),
        fc.constantFrom(quoted, quotedIfNeeded),
        fc.constantFrom('\n', '\r\n'),
        async (table, cell, lineEnd) => {
          // Lines that a cell's own tabs make look like rows are rows: see the test below.
          const lines = table.flat().flatMap((text) => text.split(/\r?\n/))
          fc.pre(
            lines.every((line) => !line.includes('\t')) || table.flat().every((text) => !text.includes('\n')),
          )
          const write = (delimiter: string) =>
            [['id', 'text', 'memo'], ...table.map(([text, memo], i) => [`id ${i}`, text, memo])]
              .map((cells) => cells.map(cell).join(delimiter) + lineEnd)
              .join('')
          const expected = table.map(([text, memo], i) => [`id ${i}`, singleSpaced(text), memo])
          for (const delimiter of ['\t', ','])
            expect(await read(write(delimiter))).toEqual({ rows: expected, rejects: [] })
        },
      ),
      { numRuns: 500 },
    )
  })

  it('are read back equal from plain TSV, with lone quotes unchanged', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(plainCell, plainCell), { minLength: 1, maxLength: 12 }),
        fc.constantFrom('\n', '\r\n'),
        async (table, lineEnd) => {
          const lines = [['id', 'text', 'memo'], ...table.map(([text, memo], i) => [String(i), text, memo])]
          const expected = table.map(([text, memo], i) => [String(i), singleSpaced(text), memo])
          expect(await read(lines.map((cells) => cells.join('\t') + lineEnd).join(''))).toEqual({
            rows: expected,
            rejects: [],
          })
        },
      ),
      { numRuns: 500 },
    )
  })

  it('have the same rows in any blocks', async () => {
    const cell = fc.oneof(plainCell, anyCell.map(quoted))
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(cell, cell), { maxLength: 6 }),
        fc.integer({ min: 1, max: 9 }),
        async (table, size) => {
          const whole = utf8(['text\tmemo', ...table.map((cells) => cells.join('\t')), '쌀\t'].join('\n'))
          async function* pieces() {
            for (let at = 0; at < whole.length; at += size) yield whole.subarray(at, at + size)
          }
          expect(await loadRows(pieces(), collecting)).toEqual(await loadRows(whole, collecting))
        },
      ),
    )
  })

  it('may contain line breaks and tabs that look like rows if the whole file is quoted', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(anyCell, anyCell), { minLength: 1, maxLength: 6 }),
        fc.constantFrom('\n', '\r\n'),
        async (table, lineEnd) => {
          const lines = [['id', 'text', 'memo'], ...table.map(([text, memo], i) => [String(i), text, memo])]
          const { rows, rejects } = await read(
            lines.map((cells) => cells.map(quoted).join('\t') + lineEnd).join(''),
          )
          expect(rejects).toEqual([])
          expect(rows).toEqual(table.map(([text, memo], i) => [String(i), singleSpaced(text), memo]))
        },
      ),
      { numRuns: 300 },
    )
    const { rows } = await read('id\ttext\n1\t"a\n2\tb"\n')
    expect(rows.map(([, text]) => text)).toEqual(['"a', 'b"'])
  })

  it('may have one column', async () => {
    const { rows } = await loadRows(
      utf8('text\r\n"김치, 된장을 ""도매"""\r\n"카센터에서\n타이어 교환"\r\n5" 파이프\r\n'),
    )
    expect(rows.map(({ line, text }) => [line, text])).toEqual([
      [2, '김치, 된장을 "도매"'],
      [3, '카센터에서 타이어 교환'],
      [5, '5" 파이프'],
    ])
  })

  it('never lose rows to a quote that opens and one that closes rows below', async () => {
    const { rows } = await loadRows(utf8('id\ttext\n1\t"벼\n2\t소\n3\t5"\n4\t"말\n'))
    expect(rows.map(({ text }) => text)).toEqual(['"벼', '소', '5"', '"말'])
  })

  it('are read in linear time with any number of unclosed quotes', async () => {
    const lines = Array.from({ length: 40_000 }, (_, i) => `"벼 ${i}`)
    let count = 0
    const started = performance.now()
    for await (const block of readRowBlocks(utf8(`text\n${lines.join('\n')}\n`))) count += block.rows.length
    expect(count).toBe(40_000)
    // A quadratic search takes minutes.
    expect(performance.now() - started).toBeLessThan(20_000)
  })
})

describe('answers of kic predict', () => {
  const columns = [
    'id',
    'line',
    'status',
    'reason',
    'section',
    'section_name',
    'section_confidence',
    'division',
    'division_name',
    'division_confidence',
    'group',
    'group_name',
    'group_confidence',
    'alternatives',
    'text',
  ]

  it('are read back without options: ids, texts without their guard, codes, and columns of all kinds', async () => {
    const own = fc.array(fc.constantFrom('벼', '=', '+', '-', '@', ' ', '"', ',', '＝', '1'), {
      minLength: 1,
      maxLength: 6,
    })
    const cell = own.map((parts) => singleSpaced(parts.join(''))).filter((text) => text !== '')
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.oneof(cell, fc.constant('')), cell, fc.boolean()), {
          minLength: 1,
          maxLength: 6,
        }),
        async (answers) => {
          const rows = answers.map(([id, text, usable], i) => {
            const codes = usable
              ? ['A', '농업, 임업', '0.9912', '01', '농업', '0.9', '011', '작물', '0.9']
              : Array.from({ length: 9 }, () => '')
            return [
              id,
              String(i + 2),
              usable ? 'ok' : 'unusable',
              usable ? '' : 'empty',
              ...codes,
              usable ? '011:0.9' : '',
              text,
            ]
          })
          const bytes = utf8([columns, ...rows].map(csvLine).join(''))
          const { rows: found, report } = await loadRows(bytes, {
            name: 'coded.csv',
            duplicateIds: 'accept',
            others: 'keep',
          })
          expect(
            found.map(({ id, text, labels, others }) => [id, text, labels?.group, others?.section_name]),
          ).toEqual(
            answers.map(([id, text, usable], i) => [
              id || `coded.csv:${i + 2}`,
              text,
              usable ? '011' : undefined,
              usable ? '농업, 임업' : '',
            ]),
          )
          expect(report.layout).toBe('CSV (id, section, division, group, text)')
        },
      ),
    )
  })
})
