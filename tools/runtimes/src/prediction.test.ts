import { expect, it } from 'vitest'
import { accuracyOf, differenceOf, predictionsOf } from './prediction.ts'

const predictions = predictionsOf(Float32Array.of(0, Math.log(3), 2, 2), ['a', 'b'])

it('takes the most probable label of each row', () => {
  expect(predictions.map(({ label }) => label)).toEqual(['b', 'a'])
  expect(predictions[0]?.score).toBeCloseTo(0.75, 6)
  expect(predictions[1]?.score).toBeCloseTo(0.5, 6)
  expect(accuracyOf(predictions, ['b', 'b'])).toBe(0.5)
})

it('finds other labels, other scores, missing texts and scores that are not numbers', () => {
  expect(differenceOf(predictions, predictions)).toEqual({ texts: 2, otherLabels: 0, largestScore: 0 })
  const [first = { label: '', score: 0 }, second = first] = predictions
  expect(differenceOf([second, first], predictions).otherLabels).toBe(2)
  expect(differenceOf([first], predictions).otherLabels).toBe(1)
  expect(differenceOf([first, { ...second, score: 0.25 }], predictions).largestScore).toBeCloseTo(0.25, 6)
  expect(differenceOf([first, { ...second, score: Number.NaN }], predictions).largestScore).toBeNaN()
})
