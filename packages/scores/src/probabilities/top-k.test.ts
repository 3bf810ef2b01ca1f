import fc from 'fast-check'
import { expect, it } from 'vitest'
import { argMax } from './arg-max.ts'
import { topK, topKRows } from './top-k.ts'

const score = fc.oneof(
  fc.integer({ min: -2, max: 2 }),
  fc.double({ noNaN: true }),
  fc.constantFrom(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, -0),
)
const row = fc.array(score, { maxLength: 12 })

/** Every place by falling score; a sort that keeps the order of equal ones. */
const ranking = (scores: readonly number[]): number[] =>
  scores
    .map((_, c) => c)
    .sort((a, b) => {
      const [x = Number.NaN, y = Number.NaN] = [scores[a], scores[b]]
      return x > y ? -1 : x < y ? 1 : 0
    })

it('is the beginning of a stable ranking, for ties, infinities and any k', () => {
  fc.assert(
    fc.property(row, fc.nat({ max: 14 }), (scores, k) => {
      expect(topK(scores, k)).toEqual(ranking(scores).slice(0, k))
      if (scores.length > 0) expect(topK(scores, 1)).toEqual([argMax(scores)])
    }),
  )
})

it('ranks each row of a matrix', () => {
  const matrix = fc.integer({ min: 1, max: 7 }).chain((classes) =>
    fc.record({
      classes: fc.constant(classes),
      rows: fc.array(fc.array(score, { minLength: classes, maxLength: classes }), { maxLength: 5 }),
      k: fc.integer({ min: 1, max: classes }),
    }),
  )
  fc.assert(
    fc.property(matrix, ({ classes, rows, k }) => {
      const expected = rows.flatMap((scores) => ranking(scores).slice(0, k))
      expect([...topKRows(rows.flat(), classes, k)]).toEqual(expected)
    }),
  )
})

it('refuses NaN wherever it is, by row and column', () => {
  fc.assert(
    fc.property(row, fc.nat(), fc.integer({ min: 1, max: 14 }), (scores, place, k) => {
      const at = place % (scores.length + 1)
      const bad = scores.toSpliced(at, 0, Number.NaN)
      const refusal = (where: string) =>
        expect.objectContaining({
          code: 'scores/not-a-number',
          message: expect.stringContaining(`NaN in column ${at}${where}.`),
        })
      expect(() => topK(bad, k)).toThrow(refusal(''))
      const rows = [...bad.map(() => 0), ...bad]
      expect(() => topKRows(rows, bad.length, Math.min(k, bad.length))).toThrow(refusal(' of row 1'))
    }),
  )
})

it('refuses a k that is none', () => {
  const code = expect.objectContaining({ code: 'scores/top-k' })
  for (const k of [-1, 1.5, Number.NaN]) expect(() => topK([1, 2], k)).toThrow(code)
  for (const k of [0, 3, 1.5, Number.NaN]) expect(() => topKRows([1, 2], 2, k)).toThrow(code)
})
