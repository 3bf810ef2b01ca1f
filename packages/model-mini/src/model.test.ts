import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { defined } from '@kic/core'
import { joinFields } from '@kic/data'
import { prepareText } from '@kic/data/prepare'
import { generateRows } from '@kic/korean-answers'
import { evaluationRows } from '@kic/korean-answers/evaluation'
import { loadPredictor } from '@kic/predictor/node'
import { expect, it } from 'vitest'
import { settings } from '../scripts/settings.ts'
import { modelFolder } from './index.ts'

it('takes at most 8 MB', () => {
  const files = readdirSync(modelFolder, { recursive: true, encoding: 'utf8' })
  const bytes = files.reduce((sum, file) => sum + statSync(join(modelFolder, file)).size, 0)
  expect(bytes).toBeGreaterThan(1e6)
  expect(bytes).toBeLessThan(8e6)
})

it('has the accuracy and the expectation of its card', async () => {
  const card = readFileSync(join(modelFolder, 'README.md'), 'utf8')
  const promised = Number(/\| group \| ([\d.]+) %/.exec(card)?.[1])
  const predictor = await loadPredictor(modelFolder)
  const predictions = await predictor.predict(evaluationRows.map(joinFields))
  const right = predictions.filter(
    (prediction, i) =>
      prediction.status !== 'unusable' && prediction.codes.group?.code === evaluationRows[i]?.group,
  )
  // The share is rounded to a tenth, and one row on the border between two groups may change.
  expect(Math.abs((100 * right.length) / evaluationRows.length - promised)).toBeLessThan(0.2)
  expect(100 * defined(defined(predictor.expectation(0)).accuracy.group).accuracy).toBeCloseTo(promised, 1)
  await predictor.dispose()
})

it('has a preparation that leaves its training texts unchanged', async () => {
  const predictor = await loadPredictor(modelFolder)
  expect(predictor.info.preparation).toEqual(settings.preparation)
  expect(predictor.info.warnings).toEqual([])
  await predictor.dispose()
  let rows = 0
  for (const row of generateRows({ ...settings, rows: 150_000, minPerGroup: 40, repeats: 0 })) {
    const text = joinFields(row)
    if (prepareText(text, settings.preparation) !== text) throw new Error(`row ${rows} is changed: ${text}`)
    rows++
  }
  expect(rows).toBe(150_000)
}, 60_000)

it('codes the example of the documentation', async () => {
  const predictor = await loadPredictor(modelFolder)
  const answer = await predictor.predict('카센터에서 자동차부분정비 타이어오일교환')
  expect(answer).toMatchObject({
    status: 'coded',
    codes: { section: { code: 'S' }, division: { code: '95' }, group: { code: '952' } },
  })
  await predictor.dispose()
})
