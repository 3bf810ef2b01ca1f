import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { evaluationRows, joinFields } from '@kic/data'
import { loadPredictor } from '@kic/predictor/node'
import { expect, it } from 'vitest'
import { modelFolder } from './index.ts'

it('takes at most 8 MB', () => {
  const files = readdirSync(modelFolder, { recursive: true, encoding: 'utf8' })
  const bytes = files.reduce((sum, file) => sum + statSync(join(modelFolder, file)).size, 0)
  expect(bytes).toBeGreaterThan(1e6)
  expect(bytes).toBeLessThan(8e6)
})

it('does as well as its card says, and knows what to expect', async () => {
  const card = readFileSync(join(modelFolder, 'README.md'), 'utf8')
  const promised = Number(/\| group \| ([\d.]+) %/.exec(card)?.[1])
  const predictor = await loadPredictor(modelFolder)
  const predictions = await predictor.predict(evaluationRows.map(joinFields))
  const right = predictions.filter(
    (prediction, i) =>
      prediction.status !== 'unusable' && prediction.codes.group?.code === evaluationRows[i]?.group,
  )
  // The share is rounded to a tenth, and one row that is between two groups may turn.
  expect(Math.abs((100 * right.length) / evaluationRows.length - promised)).toBeLessThan(0.2)
  expect(100 * (predictor.expectation(0)?.accuracy.group?.accuracy ?? 0)).toBeCloseTo(promised, 1)
  await predictor.dispose()
})

it('codes the answer that everybody tries first', async () => {
  const predictor = await loadPredictor(modelFolder)
  const answer = await predictor.predict('카센터에서 자동차부분정비 타이어오일교환')
  expect(answer).toMatchObject({
    status: 'coded',
    codes: { section: { code: 'S' }, division: { code: '95' }, group: { code: '952' } },
  })
  await predictor.dispose()
})
