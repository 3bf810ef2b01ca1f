import { createRandom } from '@kic/core'
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

  it('finds the least loss whatever the scores: none near it is less', () => {
    for (let seed = 0; seed < 300; seed++) {
      const random = createRandom('temperature', seed)
      const classes = 2 + random.int(6)
      const rows = 1 + random.int(30)
      const scale = 10 ** (6 * random.next() - 3)
      const logits = Array.from({ length: rows * classes }, () => scale * random.normal() ** 3)
      const right = random.next()
      const labels = Array.from({ length: rows }, (_, i) => {
        const own = logits.slice(i * classes, (i + 1) * classes)
        return random.next() < right ? own.indexOf(Math.max(...own)) : random.int(classes)
      })
      const loss = (temperature: number): number =>
        labels.reduce((sum, label, i) => {
          const own = logits.slice(i * classes, (i + 1) * classes).map((z) => z / temperature)
          const top = Math.max(...own)
          return sum + top + Math.log(own.reduce((s, z) => s + Math.exp(z - top), 0)) - (own[label] ?? 0)
        }, 0)
      const found = fitTemperature({ logits, classes, labels })
      for (const factor of [0.999, 1.001]) {
        const near = Math.min(1e3, Math.max(0.05, factor * found))
        expect(loss(near), `seed ${seed}, T ${found}`).toBeGreaterThanOrEqual(loss(found) * (1 - 1e-12))
      }
    }
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
