import { describe, expect, it } from 'vitest'
import { expectationAt } from './expectation.ts'
import { thresholdFor } from './threshold-for.ts'
import { type JudgedRow, validationCurve } from './validation-curve.ts'

const row = (confidence: number | undefined, group: boolean, section = true): JudgedRow => ({
  confidence,
  correct: { section, group },
})

describe('validationCurve', () => {
  const rows = [
    ...Array.from({ length: 9 }, (_, i) => row(0.1 * i + 0.05, i >= 3)),
    row(undefined, false, false),
  ]
  const curve = validationCurve(['section', 'group'], rows)

  it('counts rows that reach a threshold, and the right ones of them', () => {
    expect([curve.rows, curve.thresholds.length, curve.automatic[0], curve.automatic[100]]).toEqual([
      10, 101, 9, 0,
    ])
    const { automatic, rows: behind, accuracy } = expectationAt(curve, 0)
    expect([automatic, behind]).toEqual([0.9, 9])
    // scipy 1.10: binomtest(6, 9).proportion_ci(method='wilson')
    expect(accuracy.group?.accuracy).toBeCloseTo(6 / 9, 12)
    expect(accuracy.group?.low).toBeCloseTo(0.3542021355803963, 6)
    expect(accuracy.group?.high).toBeCloseTo(0.879416181613089, 6)
    expect(accuracy.section?.accuracy).toBe(1)
  })

  it('takes the point at or below a threshold, and has no accuracy of nothing', () => {
    expect(expectationAt(curve, 0.35)).toMatchObject({ automatic: 0.6, accuracy: { group: { accuracy: 1 } } })
    expect(expectationAt(curve, 0.3599).rows).toBe(expectationAt(curve, 0.35).rows)
    expect(expectationAt(curve, 0.36).rows).toBe(5)
    expect(expectationAt(curve, 1)).toEqual({ reviewBelow: 1, automatic: 0, rows: 0, accuracy: {} })
    for (const outside of [-0.01, 1.01, Number.NaN]) {
      expect(() => expectationAt(curve, outside)).toThrow(
        expect.objectContaining({
          code: 'scores/threshold',
          message: expect.stringMatching(/between 0 and 1, received \S+\. /),
        }),
      )
    }
  })
})

describe('thresholdFor', () => {
  // Of 200 rows those below 0.5 are half right, all others right.
  const rows = Array.from({ length: 200 }, (_, i) => row((i + 0.5) / 200, i >= 100 || i % 2 === 0))
  const curve = validationCurve(['group'], rows)

  it('is the lowest threshold that is good enough', () => {
    expect(thresholdFor(curve, 'group', 1)).toBe(0.5)
    expect(thresholdFor(curve, 'group', 0.7)).toBe(0)
    const found = thresholdFor(curve, 'group', 0.9) ?? 1
    expect(expectationAt(curve, found).accuracy.group?.accuracy).toBeGreaterThanOrEqual(0.9)
    expect(expectationAt(curve, found - 0.01).accuracy.group?.accuracy).toBeLessThan(0.9)
  })

  it('lies at a threshold of the curve, as far as rounding lets it', () => {
    expect(1 - 0.9).toBeLessThan(0.1)
    expect(expectationAt(curve, 1 - 0.9).rows).toBe(expectationAt(curve, 0.1).rows)
  })

  it('is none where a model is never that good', () => {
    const poor = validationCurve(
      ['group'],
      rows.map(({ confidence }, i) => row(confidence, i % 2 === 0)),
    )
    expect(thresholdFor(poor, 'group', 0.9)).toBeUndefined()
  })
})

describe('rows without a label at a level', () => {
  it('say nothing about that level, and all about the others', () => {
    const labelled = Array.from({ length: 60 }, (_, i) => row((i + 0.5) / 60, i >= 30, i % 2 === 0))
    const coarse = Array.from(
      { length: 40 },
      (_, i): JudgedRow => ({ confidence: (i + 0.5) / 40, correct: { section: true } }),
    )
    const levels = ['section', 'group']
    const alone = validationCurve(levels, labelled)
    const mixed = validationCurve(levels, [...labelled, ...coarse])
    expect(alone.labelled).toBeUndefined()
    for (const threshold of [0, 0.25, 0.5, 0.77]) {
      expect(expectationAt(mixed, threshold).accuracy.group).toEqual(
        expectationAt(alone, threshold).accuracy.group,
      )
    }
    expect(expectationAt(mixed, 0)).toMatchObject({
      rows: 100,
      accuracy: { section: { rows: 100, accuracy: 0.7 }, group: { rows: 60, accuracy: 0.5 } },
    })
    expect(thresholdFor(mixed, 'group', 1)).toBe(thresholdFor(alone, 'group', 1))
    expect(expectationAt(validationCurve(levels, coarse), 0).accuracy).toEqual({
      section: expect.objectContaining({ rows: 40, accuracy: 1 }),
    })
  })
})
