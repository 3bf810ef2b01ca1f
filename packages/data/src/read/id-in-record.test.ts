import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { loadRows, readRowBlocks } from '../__fixtures__/ksic-files.ts'
import type { ReadOptions } from './read-options.ts'

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)
const collecting: ReadOptions = { rejects: 'collect', name: 'a.csv' }

const rejected = async (bytes: Uint8Array, options: ReadOptions = {}) => {
  const { rejects } = await loadRows(bytes, { ...collecting, ...options })
  return rejects.map(({ line, id, reason }) => [line, id, reason])
}

describe('the id of a bad row', () => {
  it('is kept with any fault of the row', async () => {
    const bytes = Buffer.concat([
      utf8(
        'id,text,group\nA-1,벼,011\nA-2,,011\nA-3,벼,999\nA-4\nA-5,벼,011,x\nA-6,벼"x,011\n"A,7",벼\n"A-8",',
      ),
      Uint8Array.of(0xff),
      utf8(`,011\nA-9,${'벼'.repeat(100)},011\nA-1,소,012\n,소,012\nA-10,소,012\n`),
    ])
    expect(await rejected(bytes, { maxLineBytes: 100 })).toEqual([
      [3, 'A-2', 'empty-text'],
      [4, 'A-3', 'unknown-label'],
      [5, 'A-4', 'too-few-fields'],
      [6, 'A-5', 'too-many-fields'],
      [7, 'A-6', 'malformed-quotes'],
      [8, 'A,7', 'too-few-fields'],
      [9, 'A-8', 'undecodable'],
      [10, 'A-9', 'line-too-long'],
      [11, 'A-1', 'duplicate-id'],
      [12, undefined, 'missing-id'],
    ])
  })

  it('is the row number without an id column, and unknown after a text of too many cells', async () => {
    expect(await rejected(utf8('text,group\n,011\n벼,011,x\n소"x,011\n'))).toEqual([
      [2, 'a.csv:2', 'empty-text'],
      [3, 'a.csv:3', 'too-many-fields'],
      [4, 'a.csv:4', 'malformed-quotes'],
    ])
    expect(await rejected(utf8('text,id\n벼, 보리,1\n,2\n'))).toEqual([
      [2, undefined, 'too-many-fields'],
      [3, '2', 'empty-text'],
    ])
  })

  it('is that of its line in every file', async () => {
    const cell = fc.constantFrom('벼', '', '5"', ',', '011', '999', '\t')
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(cell, { maxLength: 4 })),
        fc.constantFrom(',', '\t'),
        async (table, delimiter) => {
          const lines = table.map((cells, i) => [`id-${i}`, ...cells].join(delimiter))
          const bytes = utf8(
            ['id', 'text', 'group'].join(delimiter) +
              lines.map((line) => `\n${line}`).join('') +
              '\nlast' +
              delimiter +
              '벼' +
              delimiter,
          )
          const seen = new Map<number, string | undefined>()
          for await (const { rows, rejects } of readRowBlocks(bytes, { ...collecting, rejectLimit: 1e6 }))
            for (const { line, id } of [...rows, ...rejects]) seen.set(line, id)
          for (const [line, id] of seen)
            expect(id).toBe(line === lines.length + 2 ? 'last' : `id-${line - 2}`)
          if (delimiter === '\t') expect(seen.size).toBe(lines.length + 1)
        },
      ),
      { numRuns: 300 },
    )
  })
})

describe('columns that are passed through', () => {
  it('are in rows and rejects, by name', async () => {
    const bytes = utf8('비고,id,메모\u00a0,text,비고\nx,1,y,벼,z\nx2,2,,,\nx3,3\n')
    const blocks = []
    for await (const block of readRowBlocks(bytes, { ...collecting, others: 'keep' })) blocks.push(block)
    expect(blocks[0]?.others).toEqual(['비고', '메모', '비고 (2)'])
    expect(blocks[0]?.rows).toMatchObject([{ id: '1', others: { 비고: 'x', 메모: 'y', '비고 (2)': 'z' } }])
    expect(blocks[0]?.rejects).toMatchObject([{ id: '2', others: { 비고: 'x2' } }, { line: 4 }])
    expect(blocks[0]?.rejects[1]?.others).toBeUndefined()
    const { rows } = await loadRows(bytes, collecting)
    expect(rows[0]).toEqual({ id: '1', line: 2, text: '벼' })
  })

  it('may have names of object properties', async () => {
    const { rows } = await loadRows(utf8('text,__proto__,constructor\n벼,a,b\n'), { others: 'keep' })
    expect(Object.entries(rows[0]?.others ?? {})).toEqual([
      ['__proto__', 'a'],
      ['constructor', 'b'],
    ])
  })

  it('work in Parquet files', async () => {
    const path = fileURLToPath(new URL('../__fixtures__/named.parquet', import.meta.url))
    const { rows } = await loadRows(path, { columns: { text: '사업내용' }, others: 'keep' })
    expect(rows[0]?.others?.소분류).toBe('11')
  })
})
