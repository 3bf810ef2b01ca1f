import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { labelsOf } from '@kic/classification'
import { ksic10 } from '@kic/classification/ksic'
import { defined } from '@kic/core'
import { GROUPS, KSIC_NOTES, saveTinyModel } from '@kic/tool-tiny-models'
import { expect, it } from 'vitest'
import { loadPredictor, saveCalibration } from '../node.ts'
import { calibrate } from './calibrate.ts'

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
