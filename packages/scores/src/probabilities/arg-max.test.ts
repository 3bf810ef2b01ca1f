import fc from 'fast-check'
import { expect, it } from 'vitest'
import { argMax, argMaxRows } from './arg-max.ts'

const score = fc.oneof(
  fc.integer({ min: -2, max: 2 }),
  fc.double({ noNaN: true }),
  fc.constantFrom(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, -0),
)
const matrix = fc.integer({ min: 1, max: 7 }).chain((classes) =>
  fc.record({
    classes: fc.constant(classes),
    rows: fc.array(fc.array(score, { minLength: classes, maxLength: classes }), { maxLength: 6 }),
  }),
)

it('is the place of the first largest, for ties and scores of any size', () => {
  fc.assert(
    fc.property(matrix, ({ classes, rows }) => {
      const first = rows.map((row) => row.findIndex((one) => row.every((other) => one >= other)))
      expect([...argMaxRows(rows.flat(), classes)]).toEqual(first)
      expect(rows.map((row) => argMax(row))).toEqual(first)
    }),
  )
})

it('takes the first of equal ones', () => {
  expect([...argMaxRows([0.5, 0.5, 0, 0, 0.5, 0.5], 3)]).toEqual([0, 1])
  expect(argMax([Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY])).toBe(0)
})

it('refuses NaN wherever it is, by row and column', () => {
  fc.assert(
    fc.property(matrix, fc.nat(), ({ classes, rows }, place) => {
      fc.pre(rows.length > 0)
      const scores = rows.flat()
      const at = place % scores.length
      scores[at] = Number.NaN
      const [row, column] = [Math.floor(at / classes), at % classes]
      expect(() => argMaxRows(scores, classes)).toThrow(
        expect.objectContaining({
          code: 'scores/not-a-number',
          message: expect.stringContaining(`column ${column} of row ${row}.`),
        }),
      )
    }),
  )
})

it('refuses what has no largest', () => {
  const code = expect.objectContaining({ code: 'scores/shape' })
  expect(() => argMax([])).toThrow(code)
  expect(() => argMaxRows([1, 2, 3], 2)).toThrow(code)
  expect(argMaxRows([], 3)).toEqual(new Int32Array(0))
})
