import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { initialize } from '@kic/nn'
import { loadPredictor } from '@kic/predictor/node'
import { standardHead } from '@kic/roberta'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newsRows } from '../__fixtures__/news.ts'
import { saveClassifier } from '../save/save-classifier.ts'
import type { StartingPoint } from './fresh-classifier.ts'
import { startingEncoder } from './starting-encoder.ts'
import { startingPoint } from './starting-point.ts'

const sizes = { vocabulary: 150, hidden: 16, layers: 1, heads: 2, maxLength: 16 }
const texts = newsRows(60, 1).map(({ text }) => text)
const classes = ['sport', 'politics', 'science']

let folder: string
let fresh: StartingPoint
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kic-start-'))
  fresh = await startingPoint({ texts, sizes, classes, seed: 3 })
  await saveClassifier(
    folder,
    { model: fresh.model, params: fresh.initial, tokenizer: fresh.tokenizer },
    { onnx: ['float32'] },
  )
})
afterAll(() => rm(folder, { recursive: true }))

const from = (more: object = {}) => startingPoint({ from: folder, classes, seed: 5, ...more })
const encoderOf = ({ initial }: StartingPoint) =>
  Object.fromEntries(Object.entries(initial).filter(([name]) => name.startsWith('roberta.')))
const HEAD = 'classifier.dense.weight'

describe('startingPoint', () => {
  it('from scratch learns a vocabulary and has fresh parameters', () => {
    expect(fresh.pretrained).toBe('nothing')
    expect(fresh.initial).toEqual(initialize(fresh.model.parameters, 3))
    expect(fresh.model.config).toMatchObject({
      hidden_size: 16,
      id2label: { 0: 'sport', 1: 'politics', 2: 'science' },
    })
    expect(fresh.model.head.name).toBe('mean')
    expect(fresh.tokenizer.encode('striker')).not.toContain(fresh.tokenizer.specialTokens.unk.id)
  })

  it('starts from a saved classifier: head, classes and their order', async () => {
    const point = await from({ classes: ['science', 'sport'] })
    expect(point.pretrained).toBe('classifier')
    expect(point.initial).toEqual(fresh.initial)
    expect(point.model.config.id2label).toEqual(fresh.model.config.id2label)
    expect(await point.tokenizer.encode('striker')).toEqual(fresh.tokenizer.encode('striker'))
  })

  it.each([
    ['other classes', { classes: ['sport', 'weather'] }],
    ['another head', { head: 'standard' }],
    ['a fresh head', { freshHead: true }],
  ])('takes the encoder alone for %s', async (_, more) => {
    const point = await from(more)
    expect(point.pretrained).toBe('encoder')
    expect(encoderOf(point)).toEqual(encoderOf(fresh))
    expect(point.initial[HEAD]).not.toEqual(fresh.initial[HEAD])
    expect(Object.values(point.model.config.id2label)).toEqual('classes' in more ? more.classes : classes)
  })

  it('takes the encoder of a folder without a head', async () => {
    const encoder = join(folder, 'encoder')
    const { savePretrained } = await import('@kic/roberta/node')
    const { saveTokenizer } = await import('@kic/tokenizer/node')
    const { encoder: params, config, tokenizer } = await startingEncoder({ from: folder })
    await savePretrained(encoder, { config, params }, { files: (at) => saveTokenizer(at, tokenizer) })
    const point = await from({ from: encoder, head: standardHead.name })
    expect([point.pretrained, point.model.head.name]).toEqual(['encoder', 'standard'])
    expect(encoderOf(point)).toEqual(encoderOf(fresh))
  })
})

it('saveClassifier writes a folder that predicts', async () => {
  expect(await readdir(folder)).toEqual(
    expect.arrayContaining([
      'README.md',
      'config.json',
      'model.safetensors',
      'onnx',
      'preparation.json',
      'tokenizer.json',
    ]),
  )
  const predictor = await loadPredictor(folder)
  expect(predictor.info).toMatchObject({ classes, models: [{ precision: 'float32' }] })
  await predictor.dispose()
})
