import { loadPredictor } from '@kic/predictor/node'
import { expect, it } from 'vitest'
import { modelFolder } from './index.ts'

it('codes the example of the documentation, and gives reasons', async () => {
  const predictor = await loadPredictor(modelFolder)
  const text = '카센터에서 자동차부분정비 타이어오일교환'
  expect(await predictor.predict(text)).toMatchObject({
    status: 'coded',
    codes: { section: { code: 'S' }, division: { code: '95' }, group: { code: '952' } },
  })
  expect(await predictor.explain(text)).toMatchObject({ status: 'explained', first: { code: '952' } })
  await predictor.dispose()
})
