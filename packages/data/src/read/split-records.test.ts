import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CutRules, LongLine, RecordBlock } from './cut-records.ts'
import { splitRecords } from './split-records.ts'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const text = (piece: Uint8Array): string => new TextDecoder().decode(piece)
const rules: CutRules = { quoted: false, blockBytes: 16, maxLineBytes: 100 }

const collect = async (
  pieces: readonly Uint8Array[],
  given: Partial<CutRules> = {},
): Promise<(RecordBlock | LongLine)[]> => {
  const found: (RecordBlock | LongLine)[] = []
  for await (const block of splitRecords(pieces, 0, { ...rules, ...given })) found.push(block)
  return found
}

/** The records with their lines, whatever the blocks; long lines by their length. */
const flat = (blocks: readonly (RecordBlock | LongLine)[]): [number, string | number][] =>
  blocks.flatMap((block): [number, string | number][] =>
    block.kind === 'long-line'
      ? [[block.line, block.byteLength]]
      : block.records.map(({ start, end, line }) => [line, text(block.bytes.subarray(start, end))]),
  )

/** Cuts bytes into pieces of the given sizes, over and over. */
const piecesOf = (whole: Uint8Array, sizes: readonly number[]): Uint8Array[] => {
  const pieces: Uint8Array[] = []
  for (let start = 0, i = 0; start < whole.length; i++) {
    const size = sizes[i % sizes.length] ?? 1
    pieces.push(whole.subarray(start, start + size))
    start += size
  }
  return pieces
}

describe('splitRecords', () => {
  it('numbers lines and knows where blocks lie', async () => {
    const blocks = await collect([bytes('eins\nzwei\r\n\ndrei, und mehr\nvier')])
    expect(flat(blocks)).toEqual([
      [1, 'eins'],
      [2, 'zwei\r'],
      [3, ''],
      [4, 'drei, und mehr'],
      [5, 'vier'],
    ])
    expect(blocks.map((block) => (block.kind === 'block' ? block.offset : -1))).toEqual([0, 27])
  })

  it('equals a plain split, whatever pieces the bytes come in', async () => {
    const lines = fc.array(fc.string({ unit: fc.constantFrom('a', '가', ' ', '"', ',') }))
    const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 })
    await fc.assert(
      fc.asyncProperty(lines, fc.boolean(), sizes, async (list, ended, cuts) => {
        const whole = bytes(list.join('\n') + (ended ? '\n' : ''))
        const blocks = await collect(piecesOf(whole, cuts), { maxLineBytes: 1000 })
        const expected = text(whole).split('\n')
        if (expected.at(-1) === '') expected.pop()
        expect(flat(blocks)).toEqual(expected.map((line, i) => [i + 1, line]))
        expect(blocks).toEqual(await collect([whole], { maxLineBytes: 1000 }))
        for (const block of blocks)
          if (block.kind === 'block')
            expect(block.bytes).toEqual(whole.subarray(block.offset, block.offset + block.bytes.length))
      }),
    )
  })

  it('passes over a long line without holding it, whatever pieces it comes in', async () => {
    const line = fc.oneof(fc.string({ unit: fc.constantFrom('x', 'y') }), fc.constant('z'.repeat(130)))
    const sizes = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1 })
    await fc.assert(
      fc.asyncProperty(fc.array(line), fc.boolean(), sizes, async (list, quoted, cuts) => {
        const whole = bytes(list.join('\n'))
        const blocks = await collect(piecesOf(whole, cuts), { quoted })
        const expected = list.map((l, i) => [i + 1, l.length > 100 ? l.length : l])
        if (list.at(-1) === '') expected.pop()
        expect(flat(blocks)).toEqual(expected)
        for (const block of blocks)
          if (block.kind === 'long-line') expect(text(block.head)).toBe('z'.repeat(100))
      }),
    )
  })

  it('keeps a quoted line break inside its record', async () => {
    const csv = 'a,"b\nc ""d"" ,\n",e\nf,"g"\n5" wide,h\n"i",j'
    expect(flat(await collect([bytes(csv)], { quoted: true }))).toEqual([
      [1, 'a,"b\nc ""d"" ,\n",e'],
      [4, 'f,"g"'],
      [5, '5" wide,h'],
      [6, '"i",j'],
    ])
  })

  it('keeps a quoted line break in the last record, which no line break ends', async () => {
    expect(flat(await collect([bytes('a\n"b\nc"')], { quoted: true }))).toEqual([
      [1, 'a'],
      [2, '"b\nc"'],
    ])
  })

  it('loses no more than a line to a quote that never closes', async () => {
    const rest = Array.from({ length: 30 }, (_, i) => `row ${i},x`)
    const expected = [[1, 'a,"b'], ...rest.map((row, i) => [i + 2, row])]
    const whole = bytes(['a,"b', ...rest].join('\n'))
    expect(flat(await collect([whole], { quoted: true }))).toEqual(expected)
    expect(flat(await collect(piecesOf(whole, [7]), { quoted: true }))).toEqual(expected)
    expect(flat(await collect([whole], { quoted: true, maxLineBytes: 10_000 }))).toEqual(expected)
  })

  it('gives quoted records the same cuts, whatever pieces the bytes come in', async () => {
    const whole = fc
      .string({ unit: fc.constantFrom('a', ',', '"', '\n', ',"', '",'), maxLength: 300 })
      .map(bytes)
    const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 })
    await fc.assert(
      fc.asyncProperty(whole, sizes, async (given, cuts) => {
        const together = flat(await collect([given], { quoted: true, maxLineBytes: 20 }))
        const apart = flat(await collect(piecesOf(given, cuts), { quoted: true, maxLineBytes: 20 }))
        expect(apart).toEqual(together)
      }),
      { numRuns: 300 },
    )
  })
})
