import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { labelsOf } from '@kic/classification'
import { ksic10 } from '@kic/classification/ksic'
import { defined } from '@kic/core'
import { trainNgramModel } from '@kic/ngram'
import { GROUPS, KSIC_NOTES, saveTinyModel } from '@kic/tool-tiny-models'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { businessRows } from '../__fixtures__/business-rows.ts'
import type { Predictor } from '../answers/predictor.ts'
import { loadPredictor, saveCalibration, saveNgramFolder } from '../node.ts'
import { calibrate, guarantee } from './calibrate.ts'

it('fits the confidence to the accuracy on validation rows, and is saved in the folder', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'kic-calibrate-'))
  await saveTinyModel(folder, KSIC_NOTES)
  const predictor = await loadPredictor(folder, { precision: 'float32' })
  const texts = Array.from(
    { length: 400 },
    (_, i) => `${['쌀', '국수', '타이어', '자동차'][i % 4]} ${'수리 '.repeat(i % 5)}${i}`,
  )
  const before = await predictor.predict(texts)
  // Labels are the model's answers, and every third one is changed: its accuracy is two thirds at any confidence.
  const rows = before.map((answer, i) => {
    if (answer.status === 'unusable') throw new Error('unusable')
    const { code } = defined(answer.codes.group)
    const wrong = defined(GROUPS[(GROUPS.indexOf(code) + 1 + (i % 4)) % 5])
    return { text: answer.text, labels: labelsOf(ksic10, 'group', i % 3 === 0 ? wrong : code) }
  })
  const unusable = { text: '???', labels: labelsOf(ksic10, 'group', '011') }
  const foreign = { text: '쌀', labels: labelsOf(ksic10, 'group', '012') }
  const calibration = await calibrate(predictor, [...rows, unusable, foreign], 'test rows')
  const right = rows.filter((_, i) => i % 3 !== 0).length
  expect(calibration.curve.rows).toBe(402)
  expect([calibration.curve.automatic[0], calibration.curve.correct.group?.[0]]).toEqual([401, right])
  await saveCalibration(folder, calibration)
  const calibrated = await loadPredictor(folder, { precision: 'float32' })
  expect(calibrated.info.calibration).toEqual(calibration)
  const after = await calibrated.predict(texts)
  const confidence =
    after.reduce((sum, answer) => sum + ('confidence' in answer ? answer.confidence : 0), 0) / 400
  expect(Math.abs(confidence - right / 400)).toBeLessThan(0.05)
  for (const [i, answer] of after.entries()) {
    const old = before[i]
    if ('codes' in answer && old !== undefined && 'codes' in old)
      expect(answer.codes.group?.code).toBe(old.codes.group?.code)
  }
  expect(JSON.parse(await readFile(join(folder, 'kic.json'), 'utf8')).classification).toEqual(ksic10)
  // Coarser labels change neither the temperature nor the curve of the groups.
  const coarse = rows.slice(0, 50).map(({ text }) => ({ text, labels: labelsOf(ksic10, 'division', '95') }))
  const mixed = await calibrate(predictor, [...rows, unusable, foreign, ...coarse], 'mixed rows')
  expect(mixed.temperature).toBe(calibration.temperature)
  expect(mixed.curve.rows).toBe(452)
  expect(mixed.curve.correct.group).toEqual(calibration.curve.correct.group)
  expect(mixed.curve.labelled?.group).toEqual(calibration.curve.automatic)
  await expect(calibrate(predictor, coarse, 'nothing')).rejects.toThrow('the level group such as 011')
  await expect(calibrate(predictor, [unusable], 'nothing')).rejects.toMatchObject({
    code: 'predictor/calibration-rows',
    message: expect.stringContaining('some labelled text must be usable, received 1'),
  })
  await Promise.all([predictor.dispose(), calibrated.dispose()])
  await rm(folder, { recursive: true })
})

describe('of an n-gram model', () => {
  let folder: string
  let predictor: Predictor
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kic-calibrate-ngrams-'))
    const model = trainNgramModel(businessRows, { model: 'naive-bayes' })
    await saveNgramFolder(folder, { model, notes: KSIC_NOTES })
    predictor = await loadPredictor(folder)
  })
  afterAll(async () => {
    await predictor.dispose()
    await rm(folder, { recursive: true })
  })
  const own = businessRows.map(({ text, label }) => ({ text, labels: labelsOf(ksic10, 'group', label) }))
  const many = Array.from({ length: 5000 }, (_, i) => {
    const { text, labels } = defined(own[i % own.length])
    return { text: `${text} ${i}`, labels }
  })
  /** Of every fifth row, another one's. */
  const doubtful = many.map((row, i) => ({
    ...row,
    labels: i % 5 === 0 ? defined(many[i + 1]).labels : row.labels,
  }))
  const doubtsAbout = async (rows: typeof many): Promise<string[]> => {
    const doubts: string[] = []
    await calibrate(predictor, rows, 'rows', undefined, { warn: (doubt) => doubts.push(doubt) })
    return doubts
  }

  it('says why the temperature is not to be trusted', async () => {
    expect(await doubtsAbout(doubtful.slice(0, 50))).toEqual([])
    expect(await doubtsAbout(doubtful.slice(0, 49))).toEqual([
      expect.stringMatching(/^only 49 rows fitted the temperature/),
    ])
    const answers = await predictor.predict(many.slice(0, 100).map(({ text }) => text))
    const right = answers.map((answer) => {
      if (answer.status === 'unusable') throw new Error('unusable')
      return { text: answer.text, labels: labelsOf(ksic10, 'group', defined(answer.codes.group).code) }
    })
    expect(await doubtsAbout(right)).toEqual([
      expect.stringMatching(/^the temperature is 0\.\d+, too low for any doubt/),
    ])
    const [first] = many
    const same = doubtful.filter(({ labels }) => labels.group === first?.labels.group).slice(0, 100)
    expect(await doubtsAbout(same)).toEqual([expect.stringMatching(/the same class/)])
    await expect(calibrate(predictor, many.slice(0, 1), 'a row')).rejects.toMatchObject({
      code: 'predictor/calibration-rows',
      message: expect.stringContaining('received one among 1'),
    })
  })

  it('stops when it is told to', async () => {
    const reason = new Error('enough')
    for (const method of [calibrate, guarantee]) {
      const controller = new AbortController()
      const progress = () => controller.abort(reason)
      await expect(method(predictor, many, 'rows', progress, { signal: controller.signal })).rejects.toBe(
        reason,
      )
    }
  })
})
