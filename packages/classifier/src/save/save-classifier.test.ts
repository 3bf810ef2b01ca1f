import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClassification, flatClassification } from '@kic/classification'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { newsRows } from '../__fixtures__/news.ts'
import type { StartingPoint } from '../start/fresh-classifier.ts'
import { startingPoint } from '../start/starting-point.ts'
import { saveClassifier } from './save-classifier.ts'

const classes = ['sport', 'politics', 'science']
let folder: string
let started: StartingPoint
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kic-save-'))
  const texts = newsRows(60, 1).map(({ text }) => text)
  const sizes = { vocabulary: 150, hidden: 16, layers: 1, heads: 2, maxLength: 16 }
  started = await startingPoint({ texts, sizes, classes, seed: 3 })
})
afterAll(() => rm(folder, { recursive: true }))

const saved = async (options: Parameters<typeof saveClassifier>[2]) => {
  const { model, initial, tokenizer } = started
  await saveClassifier(folder, { model, params: initial, tokenizer }, options)
  return JSON.parse(await readFile(join(folder, 'kic.json'), 'utf8'))
}

it('writes the classification of the classes, by default one of their own labels', async () => {
  expect(await saved({})).toMatchObject({ classification: flatClassification(classes), script: null })
  const nodes = (codes: readonly string[], parent?: string) =>
    codes.map((code) => ({ code, name: code, ...(parent === undefined ? {} : { parent }) }))
  const tree = createClassification('news', [
    { name: 'area', nodes: nodes(['news']) },
    { name: 'topic', nodes: nodes(classes, 'news') },
  ])
  const notes = { classification: tree, script: { name: 'Latin' } }
  expect(await saved({ notes })).toMatchObject(notes)
})
