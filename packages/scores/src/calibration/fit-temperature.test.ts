import { describe, expect, it } from 'vitest'
import { fitTemperature } from './fit-temperature.ts'

/** 40 rows of 3 classes by formula, so that SciPy can have the same. */
const logits = Array.from({ length: 120 }, (_, i) => 4 * Math.sin(3 * Math.floor(i / 3) + 5 * (i % 3)))
const labels = Array.from({ length: 40 }, (_, row) => {
  if (row % 3 === 0) return (row * 7) % 3
  const scores = logits.slice(3 * row, 3 * row + 3)
  return scores.indexOf(Math.max(...scores))
})

describe('fitTemperature', () => {
  it('finds the minimum that SciPy finds', () => {
    // scipy 1.10: minimize_scalar of -log_softmax(z / t)[rows, labels].mean(), bounded, xatol 1e-10
    expect(fitTemperature({ logits, classes: 3, labels })).toBeCloseTo(2.6862285808663726, 6)
  })

  it('scales with the logits', () => {
    const scaled = fitTemperature({ logits: logits.map((z) => 10 * z), classes: 3, labels })
    expect(scaled).toBeCloseTo(26.86228580866373, 4)
  })

  it('stays within bounds where the model is always or never right', () => {
    expect(fitTemperature({ logits: [5, 0], classes: 2, labels: [0] })).toBeCloseTo(0.05, 6)
    expect(fitTemperature({ logits: [5, 0], classes: 2, labels: [1] })).toBeCloseTo(1e3)
  })

  it('refuses scores that do not fit the labels', () => {
    expect(() => fitTemperature({ logits: [1, 2, 3], classes: 2, labels: [0] })).toThrow('need 2 logits')
    expect(() => fitTemperature({ logits: [], classes: 2, labels: [] })).toThrow('at least one row')
    const code = (code: string) => expect.objectContaining({ code })
    expect(() => fitTemperature({ logits: [], classes: 2, labels: [] })).toThrow(code('scores/shape'))
    for (const label of [-1, 2, 0.5]) {
      expect(() => fitTemperature({ logits: [1, 2], classes: 2, labels: [label] })).toThrow(
        code('scores/labels'),
      )
    }
    for (const z of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      expect(() => fitTemperature({ logits: [1, z], classes: 2, labels: [0] })).toThrow(
        code('scores/not-a-number'),
      )
    }
  })
})
