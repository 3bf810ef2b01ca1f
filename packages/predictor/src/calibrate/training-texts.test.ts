import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ksic10, ksicScript } from '@kic/classification/ksic'
import { trainNgramModel } from '@kic/ngram'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { packEnsemble, saveNgramFolder } from '../node.ts'
import { saveTrainingTexts, seenInTraining, TRAINING_TEXTS_FILE } from './training-texts.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kic-seen-'))
  await writeFile(join(folder, 'config.json'), '{}')
})
afterAll(() => rm(folder, { recursive: true }))

const texts = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, i) => `쌀 재배 ${from + i}`)

it('finds the share of texts that a model was trained on, whatever their spacing', async () => {
  expect(await seenInTraining(folder, texts(0, 10))).toBeUndefined()
  await saveTrainingTexts(folder, [...texts(0, 3000), ...texts(0, 3000)])
  expect(await seenInTraining(folder, texts(2990, 3010))).toEqual({ share: 0.5, judged: 20 })
  expect(await seenInTraining(folder, ['쌀재배  7'])).toEqual({ share: 1, judged: 1 })
  expect(await seenInTraining(folder, texts(5000, 6000))).toEqual({ share: 0, judged: 1000 })
  expect(await seenInTraining(folder, [])).toBeUndefined()
})

it('estimates it for many texts from a file of bounded size', async () => {
  await saveTrainingTexts(folder, texts(0, 200_000))
  expect((await stat(join(folder, TRAINING_TEXTS_FILE))).size).toBeLessThan(360_000)
  const found = await seenInTraining(folder, texts(199_000, 201_000))
  expect(found?.judged).toBeGreaterThan(500)
  expect(found?.judged).toBeLessThan(800)
  expect(Math.abs((found?.share ?? 0) - 0.5)).toBeLessThan(0.08)
})

it('knows the texts that a nearest-neighbour model keeps', async () => {
  const rows = texts(0, 30).map((text, i) => ({ text, label: i % 2 === 0 ? '011' : '561' }))
  const notes = { classification: ksic10, script: ksicScript }
  for (const model of ['nearest', 'naive-bayes'] as const)
    await saveNgramFolder(join(folder, model), { model: trainNgramModel(rows, { model }), notes })
  const given = texts(20, 40).map((text) => ` ${text.replaceAll(' ', '')}`)
  expect(await seenInTraining(join(folder, 'nearest'), given)).toEqual({ share: 0.5, judged: 20 })
  expect(await seenInTraining(join(folder, 'naive-bayes'), given)).toBeUndefined()
  const members = ['naive-bayes', 'nearest'].map((name) => ({ name, folder: join(folder, name) }))
  await packEnsemble(join(folder, 'ensemble'), { members })
  expect(await seenInTraining(join(folder, 'ensemble'), given)).toEqual({ share: 0.5, judged: 20 })
})

it('refuses a damaged file', async () => {
  for (const content of [
    '{"format":"other"}',
    '{"format":"kic-training-texts","version":1,"texts":2,"hashes":"AAA="}',
  ]) {
    await writeFile(join(folder, TRAINING_TEXTS_FILE), content)
    await expect(seenInTraining(folder, ['쌀'])).rejects.toMatchObject({ code: 'predictor/training-texts' })
  }
})
