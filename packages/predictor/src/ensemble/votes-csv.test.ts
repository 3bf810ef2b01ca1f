import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClassification } from '@kic/classification'
import type { Row } from '@kic/data'
import { type Ensemble, parseEnsemble } from '@kic/ensemble'
import { voteOnStored, writePredictions } from '@kic/ensemble/node'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { votesCsv } from './votes-csv.ts'

const classification = createClassification('two levels', [
  {
    name: 'section',
    nodes: [
      { code: 'A', name: 'farms' },
      { code: 'B', name: 'mines' },
    ],
  },
  {
    name: 'group',
    nodes: [
      { code: '01', name: 'rice', parent: 'A' },
      { code: '02', name: '=fruit', parent: 'A' },
      { code: '05', name: 'coal', parent: 'B' },
    ],
  },
])
const row = (i: number, text: string, group: string): Row => ({
  id: `id_${i}`,
  line: i + 1,
  text,
  labels: { section: group === '05' ? 'B' : 'A', group },
})
// More rows than a block, alternately with a confident right answer and an unsure wrong one.
const rows = Array.from({ length: 5000 }, (_, i) =>
  i % 2 === 0 ? row(i, '@벼', '01') : row(i, '석탄', '01'),
)

let folder: string
let ensemble: Ensemble
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'votes-'))
  const predictions = join(folder, 'member.safetensors')
  const info = { level: 'group', labels: ['01', '02', '05'], ids: rows.map((_, i) => String(i)) }
  const data = Float32Array.from(
    rows.flatMap((_, i) => (i % 2 === 0 ? [0.875, 0.0625, 0.0625] : [0.25, 0.25, 0.5])),
  )
  await writePredictions(predictions, info, [{ rows: rows.length, classes: 3, data }])
  const parsed = parseEnsemble({
    format: 'kic-ensemble',
    version: 1,
    scheme: 'path',
    levels: [
      { name: 'section', labels: ['A', 'B'] },
      { name: 'group', labels: ['01', '02', '05'], parents: [0, 0, 1] },
    ],
    members: [{ name: 'only', level: 'group' }],
  })
  ensemble = { ...parsed, members: parsed.members.map((member) => ({ ...member, predictions })) }
})
afterAll(() => rm(folder, { recursive: true }))

it('writes every row with codes, names, candidates and its status', async () => {
  const pieces: Uint8Array[] = []
  const votes = voteOnStored(ensemble, { blockRows: 2048 })
  const options = { reviewBelow: 0.6 }
  for await (const piece of votesCsv({ classification, levels: ensemble.levels }, votes, rows, options))
    pieces.push(piece)
  expect(pieces.length).toBe(4)
  const table: Record<string, string>[] = parse(Buffer.concat(pieces), { columns: true })
  expect(table.length).toBe(rows.length)
  expect(table[4998]).toEqual({
    id: 'id_4998',
    line: '4999',
    status: 'coded',
    reason: '',
    section: 'A',
    section_name: 'farms',
    section_confidence: '0.9375',
    group: '01',
    group_name: 'rice',
    group_confidence: '0.8750',
    alternatives: '01:0.8750 02:0.0625 05:0.0625',
    text: "'@벼",
  })
  expect(table[4999]).toMatchObject({
    id: 'id_4999',
    status: 'review',
    group: '05',
    section: 'B',
    text: '석탄',
  })
})

it('codes no text that the models cannot use, and says which were cut', async () => {
  const marked = rows.map((one, i) => ({
    ...one,
    reason: i === 4998 ? ('other-language' as const) : undefined,
    truncated: i === 4999,
  }))
  const pieces: Uint8Array[] = []
  for await (const piece of votesCsv(
    { classification, levels: ensemble.levels },
    voteOnStored(ensemble),
    marked,
  ))
    pieces.push(piece)
  const table: Record<string, string>[] = parse(Buffer.concat(pieces), { columns: true })
  expect(table[4997]).toMatchObject({ status: 'coded', reason: '', group: '05' })
  expect(table[4998]).toMatchObject({
    id: 'id_4998',
    status: 'unusable',
    reason: 'other-language',
    group: '',
  })
  expect(table[4999]).toMatchObject({ status: 'coded', reason: 'truncated', group: '05' })
})
