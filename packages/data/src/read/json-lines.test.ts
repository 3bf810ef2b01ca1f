import { gzipSync } from 'node:zlib'
import { ksic10 } from '@kic/classification/ksic'
import { expect, it } from 'vitest'
import { collectRows } from './collect-rows.ts'
import { jsonHeader } from './json-lines.ts'
import type { ReadOptions } from './read-options.ts'
import { readRowBlocks, recogniseLayout } from './read-row-blocks.ts'

const lines = (...rows: readonly (object | string)[]): Uint8Array =>
  Buffer.from(rows.map((row) => `${typeof row === 'string' ? row : JSON.stringify(row)}\n`).join(''))

const read = (bytes: Uint8Array, options: ReadOptions = {}) =>
  collectRows(readRowBlocks(bytes, { rejects: 'collect', name: 'a.jsonl', ...options }))

it('reads an object a line, with labels, ids and other keys, from any source of text', async () => {
  const bytes = lines(
    { text: 'the senate voted', label: 'politics', page: 3 },
    { page: null, label: 'sport', text: 'the striker\nscored' },
  )
  const { rows, report } = await read(bytes, { others: 'keep' })
  expect(rows).toEqual([
    {
      id: 'a.jsonl:1',
      line: 1,
      text: 'the senate voted',
      labels: { label: 'politics' },
      others: { page: '3' },
    },
    {
      id: 'a.jsonl:2',
      line: 2,
      text: 'the striker scored',
      labels: { label: 'sport' },
      others: { page: '' },
    },
  ])
  expect(report).toMatchObject({ layout: 'JSONL (text, label)', rows: 2, labelled: 2 })
  expect((await read(gzipSync(bytes))).rows).toHaveLength(2)
  const utf16 = Buffer.from(`\ufeff${Buffer.from(bytes)}`, 'utf16le')
  expect((await read(utf16)).rows).toHaveLength(2)
})

it('reads codes, and columns that the caller names', async () => {
  const bytes = lines({ 번호: 7, 내용: '논에서 벼재배', 소분류: '011' })
  const columns = { id: '번호', text: '내용', group: '소분류' }
  const { rows } = await read(bytes, { classification: ksic10, columns })
  expect(rows).toEqual([
    { id: '7', line: 1, text: '논에서 벼재배', labels: { section: 'A', division: '01', group: '011' } },
  ])
  await expect(read(bytes)).rejects.toMatchObject({ code: 'data/unknown-format' })
})

it('rejects what is no object, or has a list where text belongs, and later keys that the beginning lacks', async () => {
  const { rows, rejects } = await read(
    lines({ text: 'a', label: 'x' }, '{"text": "b"', '[1]', { text: ['d'] }, { label: 'y' }),
  )
  expect(rows.map(({ text }) => text)).toEqual(['a'])
  expect(rejects.map(({ line, reason }) => [line, reason])).toEqual([
    [2, 'malformed-json'],
    [3, 'malformed-json'],
    [4, 'malformed-json'],
    [5, 'empty-text'],
  ])
  const long = lines({ text: 'a', label: 'x' }, { text: 'b'.repeat(1 << 18) }, { text: 'c', note: 'x' })
  expect((await read(long)).rejects.map(({ line, reason }) => [line, reason])).toEqual([
    [3, 'too-many-fields'],
  ])
})

it('answers of kic predict have the columns of its CSV, and their labels are answers', async () => {
  const coded = { code: 'sport', name: 'Sport', confidence: 0.9 }
  const bytes = lines(
    { id: '1', status: 'unusable', reason: 'no-letters', text: '!', columns: { label: 'politics' } },
    {
      id: '2',
      status: 'coded',
      text: 'goal',
      codes: { label: coded },
      confidence: 0.9,
      top: [],
      columns: { label: 'x' },
    },
  )
  const text = Buffer.from(bytes).toString().split('\n')
  expect(jsonHeader(text)).toEqual([
    ...['id', 'line', 'status', 'reason', 'label', 'label_name', 'label_confidence', 'text', 'label (input)'],
  ])
  const { rows, report } = await read(bytes)
  expect(rows.map(({ id, labels }) => [id, labels?.label])).toEqual([
    ['1', undefined],
    ['2', 'sport'],
  ])
  expect(report.answered).toEqual(['label'])
  const given = await read(bytes, { columns: { text: 'text', label: 'label (input)' } })
  expect(given.rows.map(({ labels }) => labels?.label)).toEqual(['politics', 'x'])
  const flat = lines({ id: 1, line: 2, status: 'coded', reason: '', label: 'sport', text: 'goal', 비고: 'x' })
  expect((await read(flat, { others: 'keep' })).rows).toMatchObject([
    { labels: { label: 'sport' }, others: { 비고: 'x' } },
  ])
  const none = lines({
    line: 1,
    status: 'unusable',
    reason: 'empty-text',
    message: 'empty',
    columns: { 비고: 'x' },
  })
  expect((await read(none, { others: 'keep' })).rejects).toMatchObject([
    { reason: 'empty-text', others: { 비고: 'x' } },
  ])
})

it('is recognised by an object alone', async () => {
  expect(jsonHeader(['{text}\tlabel'])).toBeUndefined()
  expect(await recogniseLayout(Buffer.from('{a}\tb\n'))).toMatchObject({ delimiter: '\t' })
})
