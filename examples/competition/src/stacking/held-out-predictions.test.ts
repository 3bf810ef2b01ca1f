import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { flatClassification } from '@kic/classification'
import { argMaxRows } from '@kic/scores'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { heldOutPredictions } from './held-out-predictions.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kic-held-out-'))
})
afterEach(() => rm(folder, { recursive: true }))

const classification = flatClassification(['a', 'b'])
const [level = ''] = classification.levels.map(({ name }) => name)
// No two texts share a letter: a model that saw a text knows it, and any other knows nothing.
const train = Array.from({ length: 40 }, (_, i) => ({
  id: `${i}`,
  line: i + 1,
  text: String.fromCodePoint(0xac00 + 28 * i).repeat(4),
  labels: { [level]: i % 2 ? 'b' : 'a' },
}))
const member = { name: 'nearest', level, model: 'nearest' } as const

it('predicts each row by a model that did not see it, the test by one that saw all, and keeps both', async () => {
  const task = { classification, train, test: train, seed: 1, folder, say: () => {} }
  const found = await heldOutPredictions(task, member)
  expect([...found.train.data].every((p) => p === 0.5)).toBe(true)
  expect([...argMaxRows(found.test.data, 2)]).toEqual(train.map((_, i) => i % 2))
  const files = await readdir(folder)
  expect(files).toHaveLength(6)
  expect(await heldOutPredictions(task, member)).toEqual(found)
  expect(await readdir(folder)).toEqual(files)
  // Other rows are other predictions.
  await heldOutPredictions({ ...task, train: train.slice(1) }, member)
  expect((await readdir(folder)).length).toBeGreaterThan(6)
})
