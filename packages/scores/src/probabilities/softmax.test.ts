import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { softmax, softmaxRows } from './softmax.ts'

/** Any logits: equal ones, ordinary ones, and such that their differences overflow. */
const logit = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.double({ min: -50, max: 50, noNaN: true }),
  fc.double({ noDefaultInfinity: true, noNaN: true }),
  fc.constant(Number.NEGATIVE_INFINITY),
)
/** Rows with a finite logit, of equal length, 1 included. */
const matrix = fc.integer({ min: 1, max: 7 }).chain((classes) =>
  fc.record({
    classes: fc.constant(classes),
    rows: fc.array(
      fc
        .array(logit, { minLength: classes, maxLength: classes })
        .filter((row) => row.some((z) => Number.isFinite(z))),
      { maxLength: 5 },
    ),
  }),
)
/** The definition without its numerator: 1 / Σ exp(z′ − z). */
const simple = (row: readonly number[], c: number, temperature = 1): number => {
  const own = row[c] ?? Number.NaN
  if (own === Number.NEGATIVE_INFINITY) return 0
  return 1 / row.reduce((sum, z) => sum + Math.exp((z - own) / temperature), 0)
}

describe('softmaxRows', () => {
  it('is the definition, for logits of any size', () => {
    fc.assert(
      fc.property(matrix, ({ classes, rows }) => {
        const probabilities = softmaxRows(rows.flat(), classes)
        expect(probabilities).toHaveLength(rows.length * classes)
        for (const [i, row] of rows.entries()) {
          const own = probabilities.subarray(i * classes, (i + 1) * classes)
          for (const [c, p] of own.entries()) expect(p).toBeCloseTo(simple(row, c), 6)
          expect(own.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 6)
        }
      }),
    )
  })

  it('gives equal logits equal probabilities, larger ones no smaller, and one class all', () => {
    fc.assert(
      fc.property(matrix, ({ classes, rows }) => {
        const probabilities = softmaxRows(rows.flat(), classes)
        for (const [i, row] of rows.entries()) {
          const own = probabilities.subarray(i * classes, (i + 1) * classes)
          for (const [a, z] of row.entries()) {
            for (const [b, y] of row.entries()) {
              if (z === y) expect(own[a]).toBe(own[b])
              if (z > y) expect(own[a]).toBeGreaterThanOrEqual(own[b] ?? Number.NaN)
            }
          }
          if (classes === 1) expect(own[0]).toBe(1)
        }
      }),
    )
  })

  it('makes NaN of a row with NaN or +∞, or of −∞ alone, and leaves others as they are', () => {
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) {
      expect([...softmaxRows([1, bad, 0, 0, 1000, 1000], 2)]).toEqual([NaN, NaN, 0.5, 0.5, 0.5, 0.5])
    }
    expect([...softmaxRows([Number.NEGATIVE_INFINITY], 1)]).toEqual([NaN])
  })

  it('refuses what is no matrix', () => {
    for (const classes of [0, 2, -3, 1.5, Number.NaN]) {
      expect(() => softmaxRows([1, 2, 3], classes)).toThrow(
        expect.objectContaining({ code: 'scores/shape', message: expect.stringMatching(/\[N, C\]/) }),
      )
    }
  })
})

describe('softmax', () => {
  it('divides by a temperature, and may overwrite its logits', () => {
    const temperature = fc.double({ min: 0.05, max: 1000, noNaN: true })
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -50, max: 50, noNaN: true }), { minLength: 1 }),
        temperature,
        (row, t) => {
          const into = Float64Array.from(row)
          const fresh = softmax(row, { temperature: t })
          expect(softmax(into, { temperature: t, into })).toBe(into)
          expect(into).toEqual(fresh)
          for (const [c, p] of fresh.entries()) expect(p).toBeCloseTo(simple(row, c, t), 12)
        },
      ),
    )
  })

  it('refuses temperatures that are none', () => {
    for (const temperature of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => softmax([1, 2], { temperature })).toThrow(
        expect.objectContaining({ code: 'scores/temperature' }),
      )
    }
  })
})
