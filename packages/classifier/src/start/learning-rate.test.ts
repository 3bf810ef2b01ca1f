import { expect, it } from 'vitest'
import { chooseRate, describeRate } from './learning-rate.ts'

it('is the one given, or fits what training begins with', () => {
  expect(chooseRate(0.01, 768).learningRate).toBe(0.01)
  expect(chooseRate(undefined, undefined).learningRate).toBe(1e-3)
  expect(chooseRate(undefined, 768).learningRate).toBe(5e-5)
  expect(chooseRate(undefined, 1024).learningRate).toBeLessThan(5e-5)
  expect(chooseRate(undefined, 384).learningRate).toBe(2e-4)
  expect(chooseRate(undefined, 96).learningRate).toBe(8e-4)
  // Hu et al. 2021, Table 9.
  expect(chooseRate(undefined, 768, true).learningRate).toBe(5e-4)
  expect(chooseRate(undefined, 1024, true).learningRate).toBe(2.8e-4)
  expect(chooseRate(2e-4, 768, true).learningRate).toBe(2e-4)
  expect(describeRate(chooseRate(undefined, 384))).toBe(
    'learning rate 0.0002 (for a pretrained encoder of hidden size 384)',
  )
})
