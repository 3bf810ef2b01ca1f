import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Probabilities } from './probabilities.ts'
import { softmaxRows } from './softmax.ts'
import { logProbability, temper } from './temper.ts'

const matrix = fc.integer({ min: 1, max: 5 }).chain((classes) =>
  fc
    .array(fc.array(fc.integer({ min: 0, max: 9 }), { minLength: classes, maxLength: classes }), {
      maxLength: 4,
    })
    .map((rows): Probabilities => {
      const shares = rows.flatMap((row) =>
        row.map(
          (part) =>
            part /
            Math.max(
              1,
              row.reduce((a, b) => a + b, 0),
            ),
        ),
      )
      return { rows: rows.length, classes, data: Float32Array.from(shares) }
    }),
)
const temperature = fc.double({ min: 0.1, max: 10, noNaN: true })

describe('temper', () => {
  it('is p^(1/T), scaled to sum 1, with zeros as 2⁻¹²⁶', () => {
    fc.assert(
      fc.property(matrix, temperature, (given, t) => {
        const { data } = temper(given, t)
        for (let start = 0; start < data.length; start += given.classes) {
          const row = [...given.data.subarray(start, start + given.classes)]
          const powers = row.map((p) => Math.max(p, 2 ** -126) ** (1 / t))
          const sum = powers.reduce((a, b) => a + b, 0)
          fc.pre(sum > 0)
          for (const [c, power] of powers.entries()) expect(data[start + c]).toBeCloseTo(power / sum, 5)
        }
      }),
    )
  })

  it('divides the logits behind the probabilities', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -9, max: 9, noNaN: true }), { minLength: 1 }),
        temperature,
        (z, t) => {
          const softened = temper({ rows: 1, classes: z.length, data: softmaxRows(z, z.length) }, t)
          const expected = softmaxRows(
            z.map((x) => x / t),
            z.length,
          )
          for (const [c, p] of softened.data.entries()) expect(p).toBeCloseTo(expected[c] ?? Number.NaN, 5)
        },
      ),
    )
  })

  it('returns what was given at 1, and refuses temperatures that are none', () => {
    const given = { rows: 1, classes: 2, data: Float32Array.of(0, 1) }
    expect(temper(given, 1)).toBe(given)
    for (const t of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => temper(given, t)).toThrow(expect.objectContaining({ code: 'scores/temperature' }))
    }
  })
})

it('takes no logarithm of less than 2⁻¹²⁶', () => {
  expect([0, 2 ** -130, 2 ** -126, 0.5].map(logProbability)).toEqual([
    -126 * Math.LN2,
    -126 * Math.LN2,
    -126 * Math.LN2,
    -Math.LN2,
  ])
})
