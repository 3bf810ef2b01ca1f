import { createRandom } from '@kic/core'
import fc from 'fast-check'
import iconv from 'iconv-lite'
import { expect, it } from 'vitest'
import { answers as answersOf } from '../__fixtures__/answers.ts'
import { readRowBlocks } from '../__fixtures__/ksic-files.ts'
import type { RejectReason } from './reject.ts'

const header = 'AI_id|digit_1|digit_2|digit_3|text_obj|text_mthd|text_deal'

/** Cells of rows that are right. */
const answers = answersOf(2000, 7).map(({ id, section, division, group, object, method, deal }) => [
  id,
  section,
  division,
  group,
  object,
  method,
  deal,
])

const encode = (text: string): Uint8Array => iconv.encode(text, 'cp949')
const line = (cells: readonly string[]): Uint8Array => encode(`${cells.join('|')}\r\n`)
const replaced = (cells: readonly string[], at: number, cell: string): string[] =>
  cells.map((old, i) => (i === at ? cell : old))

/** Each fault as the bytes of its line, and the reason it must be rejected for. */
const faults: Readonly<Record<string, readonly [RejectReason, (cells: readonly string[]) => Uint8Array]>> = {
  'bad bytes': [
    'undecodable',
    (cells) => Buffer.concat([encode(`${cells.join('|')}`), Uint8Array.of(0xff, 0x0d, 0x0a)]),
  ],
  'missing fields': ['too-few-fields', (cells) => line(cells.slice(0, 6))],
  'an extra delimiter': ['too-many-fields', (cells) => line(replaced(cells, 5, '가|나'))],
  'an unknown code': ['unknown-label', (cells) => line(replaced(cells, 3, '999'))],
  'a group of another division': [
    'contradictory-labels',
    (cells) => line(replaced(replaced(cells, 2, '1'), 3, '952')),
  ],
  'an empty text': ['empty-text', (cells) => line([...cells.slice(0, 4), ' ', '', '\t'])],
  'no id': ['missing-id', (cells) => line(replaced(cells, 0, ''))],
  'half of the labels': ['incomplete-labels', (cells) => line(replaced(cells, 1, ''))],
  'the id of the first row': ['duplicate-id', (cells) => line(replaced(cells, 0, answers[0]?.[0] ?? ''))],
  'a line of 10 MB': ['line-too-long', (cells) => line(replaced(cells, 6, '쌀'.repeat(5_000_000)))],
}

const read = async (bytes: Uint8Array) => {
  async function* pieces() {
    for (let at = 0; at < bytes.length; at += 1 << 16) yield bytes.subarray(at, at + (1 << 16))
  }
  const ids: string[] = []
  const rejects: (readonly [number, RejectReason])[] = []
  let longest = 0
  for await (const block of readRowBlocks(pieces(), { rejects: 'collect', rejectLimit: 1e6 })) {
    ids.push(...block.rows.map((row) => row.id))
    for (const reject of block.rejects) {
      rejects.push([reject.line, reject.reason])
      longest = Math.max(longest, reject.message.length + reject.excerpt.length)
    }
  }
  // A reject stays small, however long its line.
  expect(longest).toBeLessThan(500)
  return { ids, rejects }
}

const random = createRandom('faults')

it('counts every fault in a file by its reason, and accepts all other rows', async () => {
  const names = Object.keys(faults)
  const lines: Uint8Array[] = [encode(`${header}\r\n`)]
  const expected: (readonly [number, RejectReason])[] = []
  const good: string[] = []
  let long = 0
  for (const [i, cells] of answers.entries()) {
    let name = i > 0 && random.next() < 0.3 ? random.pick(names) : undefined
    // Ten megabytes are needed only a few times.
    if (name === 'a line of 10 MB' && ++long > 3) name = undefined
    const [reason, make] = (name === undefined ? undefined : faults[name]) ?? []
    lines.push(make?.(cells) ?? line(cells))
    if (reason === undefined) good.push(cells[0] ?? '')
    else expected.push([i + 2, reason])
  }
  // The last line was cut off while it was written.
  lines.push(encode('id_9999999|A|1|1'))
  expected.push([answers.length + 2, 'too-few-fields'])
  const { ids, rejects } = await read(Buffer.concat(lines))
  expect(ids.length + rejects.length).toBe(answers.length + 1)
  expect(ids).toEqual(good)
  expect(rejects).toEqual(expected)
  expect(new Set(rejects.map(([, reason]) => reason)).size).toBe(names.length)
})

it('loses only the end of a truncated file', async () => {
  const whole = Buffer.concat([encode(`${header}\r\n`), ...answers.slice(0, 40).map(line)])
  const start = header.length + 3
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: start + 1, max: whole.length }), async (length) => {
      const bytes = whole.subarray(0, length)
      const { ids, rejects } = await read(bytes)
      const begun = bytes.filter((byte) => byte === 0x0a).length - 1 + (bytes.at(-1) === 0x0a ? 0 : 1)
      expect(ids.length + rejects.length).toBe(begun)
      expect(rejects.length).toBeLessThanOrEqual(1)
      expect(ids).toEqual(answers.slice(0, ids.length).map(([id]) => id))
    }),
    { numRuns: 150 },
  )
})
