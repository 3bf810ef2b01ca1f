import { expect, it } from 'vitest'
import { chooseRate, describeRate } from './learning-rate.ts'

it('is the one given, or fits what training begins with', () => {
  expect(chooseRate(0.01, 768).learningRate).toBe(0.01)
  expect(chooseRate(undefined, undefined).learningRate).toBe(1e-3)
  expect(chooseRate(undefined, 768).learningRate).toBe(5e-5)
  expect(chooseRate(undefined, 1024).learningRate).toBeLessThan(5e-5)
  expect(chooseRate(undefined, 160).learningRate).toBe(2.4e-4)
  expect(chooseRate(undefined, 8).learningRate).toBe(1e-3)
  expect(describeRate(chooseRate(undefined, 160))).toContain('0.00024 for a pretrained encoder')
})
