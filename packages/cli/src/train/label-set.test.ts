import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClassification } from '@kic/classification'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { findLabelSet, type LabelSetOptions } from './label-set.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kic-labels-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** A classification of two levels that is nobody's default. */
const known = createClassification('Shelves', [
  {
    name: 'floor',
    nodes: [
      { code: 'P', name: 'paper' },
      { code: 'Q', name: 'film' },
    ],
  },
  {
    name: 'shelf',
    nodes: [
      { code: '015', parent: 'P', name: 'maps' },
      { code: '410', parent: 'Q', name: 'reels' },
    ],
  },
])

let files = 0
const setOf = async (header: string, labels: readonly string[], options: Partial<LabelSetOptions> = {}) => {
  const path = join(folder, `${++files}.csv`)
  await writeFile(path, `${header}\n${labels.map((label, i) => `row ${i},${label}\n`).join('')}`)
  return findLabelSet([path], {}, { choice: 'auto', known, ...options })
}

it('reads a column of codes by the known classification, finer and otherwise written ones too', async () => {
  for (const labels of [
    ['015', '410'],
    ['01511', 'Q410'],
    ['410.0', '015'],
    ['410', 'x'],
  ])
    expect(await setOf('text,code', labels)).toMatchObject({ kind: 'codes', note: undefined })
  expect(await setOf('text,shelf', ['x', 'y'])).toMatchObject({ kind: 'codes' })
})

it('reads other labels as own ones, and says so unless the header does', async () => {
  for (const labels of [
    ['sport', 'science'],
    ['1.5', '2.5'],
    ['4101234', '4109876'],
    ['410', 'x', 'y'],
  ]) {
    const { kind, classification, note } = await setOf('text,code', labels)
    expect([kind, note]).toEqual(['own', expect.stringContaining('if they are codes, set --labels codes')])
    expect(classification.levels[0]?.nodes.map(({ code }) => code)).toEqual([...labels].sort())
  }
  expect(await setOf('text,label', ['015', '410'])).toMatchObject({ kind: 'own', note: undefined })
})

it('takes letters for codes of the coarsest level only if that level is requested', async () => {
  const { kind, note } = await setOf('text,code', ['P', 'Q'])
  expect([kind, note]).toEqual(['own', expect.stringMatching(/codes of the level floor, set --level floor$/)])
  expect(await setOf('text,code', ['P', 'Q'], { level: 'floor' })).toMatchObject({ kind: 'codes' })
  expect(await setOf('text,code', ['P', 'R'])).toMatchObject({ kind: 'own' })
})

it('does as the user says', async () => {
  expect(await setOf('text,code', ['x', 'y'], { choice: 'codes' })).toMatchObject({ kind: 'codes' })
  expect(await setOf('text,code', ['015', '410'], { choice: 'own' })).toMatchObject({ kind: 'own' })
})

it('needs a column of labels, and one alone for own labels', async () => {
  await expect(setOf('Headline,Desk', ['x'])).rejects.toMatchObject({
    code: 'data/unknown-format',
    message: expect.stringContaining('a header with text and label or code'),
  })
  await expect(setOf('text,other', ['x'])).rejects.toMatchObject({
    code: 'cli/labels',
    message: expect.stringMatching(/a file needs a column of labels, received .*csv with none: CSV \(text\)/),
  })
  await expect(setOf('text,floor,shelf', ['P,015'], { choice: 'own' })).rejects.toMatchObject({
    code: 'cli/labels',
    message: expect.stringContaining('--labels own needs one column of labels'),
  })
  expect(await setOf('text,floor,shelf', ['P,015'])).toMatchObject({ kind: 'codes' })
})
