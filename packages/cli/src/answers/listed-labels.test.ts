import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readTable } from '@kic/data/node'
import type { AnswerRow } from '@kic/predictor'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { fakeIo } from '../__fixtures__/fake-io.ts'
import { openAnswerOutput } from './answer-output.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kic-listed-'))
})
afterAll(() => rm(folder, { recursive: true }))

const codes = ['my account', 'credit card: fees', '011'].map((code) => ({
  code,
  name: code,
  confidence: 0.25,
  labels: { label: code },
}))
const [first] = codes
if (first === undefined) throw new Error('there are three')
const coded: AnswerRow = {
  id: '1',
  prediction: {
    status: 'coded',
    text: 'fees',
    codes: { label: first },
    confidence: 0.25,
    top: codes,
    sets: { label: codes.slice(1) },
    truncated: false,
  },
}
const unusable: AnswerRow = { id: '2', prediction: { status: 'unusable', text: '', reason: 'empty' } }

it.each(['csv', 'xlsx'] as const)('quotes labels in the lists of %s, and nowhere else', async (format) => {
  const output = join(folder, `coded.${format}`)
  const columns = { levels: ['label'], others: [], guarantees: { sets: true } }
  const { write, finish } = await openAnswerOutput(format, { output }, columns, fakeIo())
  await write([coded, unusable])
  await finish()
  const [head = [], ...rows]: (readonly string[])[] =
    format === 'csv' ? parse(await readFile(output)) : (await readTable(output)).map(({ cells }) => cells)
  const cell = (row: number, name: string) => rows[row]?.[head.indexOf(name)]
  const list = '"credit card: fees":0.2500 011:0.2500'
  expect(cell(0, 'label')).toBe('my account')
  expect(cell(0, 'alternatives')).toBe(`"my account":0.2500 ${list}`)
  expect(cell(0, 'label_set')).toBe(list)
  expect(cell(1, 'status')).toBe('unusable')
})
