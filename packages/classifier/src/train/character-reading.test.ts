import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defined } from '@kic/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newsRows } from '../__fixtures__/news.ts'
import { newsTraining } from '../__fixtures__/news-training.ts'
import { loadClassifier } from '../load-classifier.ts'
import { trainClassifier } from './train-classifier.ts'

const encoder = {
  reading: 'characters',
  hidden: 16,
  maxLength: 64,
  initializerRange: 0.2,
  ngramSizes: [1, 2, 3, 4],
  ngramBuckets: 4093,
} as const
const training = { ...newsTraining, encoder, epochs: 4, labelSmoothing: 0.05, validation: 0.1 }
const rows = newsRows(240, 1)
const others = newsRows(60, 9)
const TABLE = 'roberta.embeddings.ngram_embeddings.weight'

let folder: string
const at = (name: string) => join(folder, name)
const configOf = async (name: string) => JSON.parse(await readFile(join(at(name), 'config.json'), 'utf8'))

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kic-characters-'))
  await trainClassifier(rows, { ...training, output: at('characters'), export: ['int8', 'float32'] })
})
afterAll(() => rm(folder, { recursive: true }))

describe('a classifier that reads characters', () => {
  it('learns, and its folder says how it reads', async () => {
    const report = JSON.parse(await readFile(join(at('characters'), 'report.json'), 'utf8'))
    expect(report.levels.label.accuracy).toBeGreaterThan(0.8)
    expect(await configOf('characters')).toMatchObject({
      ngram_sizes: [1, 2, 3, 4],
      ngram_buckets: 4093,
      ngram_dropout: 0.2,
      kic: { head: 'ngram' },
    })
  })

  it('answers the same whatever the spacing, the punctuation and the case', async () => {
    const classifier = await loadClassifier(at('characters'))
    const texts = others.map(({ text }) => text)
    const spaced = texts.map((text) => ` ${[...text.replaceAll(' ', '')].join(' ')}. `)
    const joined = texts.map((text) => text.replaceAll(' ', '').toUpperCase())
    const expected = (await classifier.scores(texts)).logits
    expect((await classifier.scores(spaced)).logits).toEqual(expected)
    expect((await classifier.scores(joined)).logits).toEqual(expected)
    const answers = await classifier.predict(['...', '뷁뷁뷁'])
    expect(answers.map((answer) => answer.status === 'unusable' && answer.reason)).toEqual([
      'no-letters',
      'unknown-words',
    ])
    await classifier.dispose()
  })

  it('gives int8 answers like those of its float32 weights', async () => {
    const texts = others.map(({ text }) => text)
    const logits = []
    for (const precision of ['float32', 'int8'] as const) {
      const classifier = await loadClassifier(at('characters'), { precision })
      logits.push((await classifier.scores(texts)).logits)
      await classifier.dispose()
    }
    const [full = new Float32Array(), int8 = new Float32Array()] = logits
    const largest = Math.max(...Array.from(full, Math.abs))
    const furthest = Math.max(...Array.from(full, (x, i) => Math.abs(x - defined(int8[i]))))
    expect(furthest / largest).toBeLessThan(0.05)
    expect(furthest).toBeGreaterThan(0)
  })

  it('trains on from its folder, and keeps how it reads', async () => {
    await trainClassifier(rows, { ...training, epochs: 1, from: at('characters'), output: at('again') })
    expect(await configOf('again')).toMatchObject({ ngram_sizes: [1, 2, 3, 4], kic: { head: 'ngram' } })
    const weather = rows.map(({ text }, i) => ({ text, label: `day ${i % 2}` }))
    await trainClassifier(weather, { ...training, epochs: 1, from: at('characters'), output: at('weather') })
    expect(await configOf('weather')).toMatchObject({ ngram_buckets: 4093, kic: { head: 'ngram' } })
  })

  it('repeats bit for bit, and leaves rows of unseen n-grams zero', async () => {
    const run = async (name: string) =>
      JSON.parse(await readFile(join(at(name), 'run.json'), 'utf8')).result.parameters
    await trainClassifier(rows, { ...training, output: at('repeated'), export: ['float32'] })
    expect(await run('repeated')).toBe(await run('characters'))
    const { loadPretrained } = await import('@kic/roberta/node')
    const { ngramHead } = await import('@kic/roberta')
    const { params } = await loadPretrained(at('characters'), { head: ngramHead })
    const { data, shape } = defined(params[TABLE])
    const [count = 0, width = 0] = shape
    const zero = Array.from({ length: count }, (_, row) =>
      data.subarray(row * width, (row + 1) * width).every((x) => x === 0),
    ).filter(Boolean).length
    expect(zero).toBeGreaterThan(count / 2)
    expect(zero).toBeLessThan(count)
  })

  it('refuses label smoothing for a loss that has none', async () => {
    await expect(
      trainClassifier(rows, { ...training, loss: 'focal', output: at('refused') }),
    ).rejects.toMatchObject({ code: 'trainer/config' })
  })
})
