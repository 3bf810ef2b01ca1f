import { createRandom, type Random } from '@kic/core'
import { describe, expect, it } from 'vitest'
import { guaranteedThreshold } from './guaranteed-threshold.ts'
import { thresholdFor } from './threshold-for.ts'
import { type JudgedRow, validationCurve } from './validation-curve.ts'

/** Rows of a made-up classifier: how confident it is, and how often it is right then. */
const population = (
  seed: string,
  confidence: (random: Random) => number,
  accuracy: (confidence: number) => number,
): readonly JudgedRow[] => {
  const random = createRandom(seed)
  return Array.from({ length: 8000 }, () => {
    const own = confidence(random)
    return { confidence: own, correct: { group: random.next() < accuracy(own) } }
  })
}
const classifiers = {
  'well calibrated': population(
    'calibrated',
    (random) => random.next() ** 0.4,
    (p) => p,
  ),
  overconfident: population(
    'over',
    (random) => random.next() ** 0.15,
    (p) => 0.3 + 0.69 * p ** 3,
  ),
  underconfident: population(
    'under',
    (random) => random.next() ** 2,
    (p) => 0.6 + 0.39 * p ** 0.4,
  ),
  'never quite good enough': population(
    'poor',
    (random) => random.next() ** 0.4,
    () => 0.895,
  ),
}

const options = { accuracy: 0.9, confidenceLevel: 0.95 }
const accuracyAbove = (rows: readonly JudgedRow[], threshold: number): number => {
  const above = rows.filter(({ confidence = -1 }) => confidence >= threshold)
  return above.filter(({ correct }) => correct.group).length / above.length
}

/** Thresholds from 100 random draws of 1,200 validation rows, and how many of them future rows fall short of. */
const outcomes = (rows: readonly JudgedRow[]) => {
  const broken = { guaranteed: 0, estimated: 0 }
  const found: number[] = []
  for (let seed = 0; seed < 100; seed++) {
    const shuffled = createRandom(seed, 'draw').shuffle(rows)
    const curve = validationCurve(['group'], shuffled.slice(0, 1200))
    const future = shuffled.slice(1200)
    const isBroken = (threshold: number): number =>
      accuracyAbove(future, threshold) < options.accuracy ? 1 : 0
    const { threshold } = guaranteedThreshold(curve, 'group', options)
    const estimate = thresholdFor(curve, 'group', options.accuracy)
    if (threshold !== null) {
      found.push(threshold)
      broken.guaranteed += isBroken(threshold)
    }
    if (estimate !== undefined) broken.estimated += isBroken(estimate)
  }
  return { broken, found }
}

describe('a guarantee of 90 % accuracy with 95 % confidence', () => {
  it.each(Object.entries(classifiers))('breaks in at most 6 of 100 draws: %s', (name, rows) => {
    const { broken, found } = outcomes(rows)
    expect(broken.guaranteed).toBeLessThanOrEqual(6)
    expect(broken.estimated).toBeGreaterThan(20)
    if (name === 'never quite good enough') return
    // It is worth something: thresholds are found, and not far above the lowest one that is good enough.
    expect(found.length).toBeGreaterThanOrEqual(75)
    const lowest = validationCurve(['group'], []).thresholds.findLastIndex(
      (threshold) => accuracyAbove(rows, threshold) < options.accuracy,
    )
    const median = found.toSorted((a, b) => a - b)[found.length >> 1] ?? 1
    const coded = (threshold: number): number =>
      rows.filter(({ confidence = -1 }) => confidence >= threshold).length
    expect(coded(median)).toBeGreaterThan(0.6 * coded((lowest + 1) / 100))
  })
})

/** Rows right and wrong at one confidence. */
const rowsOf = (confidence: number, right: number, wrong = 0): JudgedRow[] =>
  Array.from({ length: right + wrong }, (_, i) => ({ confidence, correct: { group: i < right } }))
const guaranteed = (rows: readonly JudgedRow[], accuracy: number, confidenceLevel?: number) =>
  guaranteedThreshold(validationCurve(['group'], rows), 'group', { accuracy, confidenceLevel })

describe('guaranteedThreshold', () => {
  it('needs ln(1 − confidence level) / ln(accuracy) rows, even without an error', () => {
    // 0.9^29 = 0.047 and 0.9^28 = 0.052; 0.95^59 = 0.048; 0.99^299 = 0.0495
    for (const [accuracy, rowsNeeded] of [
      [0.9, 29],
      [0.95, 59],
      [0.99, 299],
    ] as const) {
      expect(guaranteed(rowsOf(0.7, rowsNeeded), accuracy)).toEqual({
        threshold: 0,
        rows: rowsNeeded,
        correct: rowsNeeded,
      })
      expect(guaranteed(rowsOf(0.7, rowsNeeded - 1), accuracy)).toEqual({
        threshold: null,
        reason: 'too-few-rows',
        rows: rowsNeeded - 1,
        correct: rowsNeeded - 1,
        rowsNeeded,
      })
    }
    // These logarithms divide to 4.000000000000001.
    expect(guaranteed(rowsOf(0.7, 4), 0.6, 1 - 0.6 ** 4)).toMatchObject({ threshold: 0, rows: 4 })
  })

  it('says that the most confident rows have too many errors', () => {
    expect(guaranteed(rowsOf(0.7, 85, 15), 0.9)).toEqual({
      threshold: null,
      reason: 'too-many-errors',
      rows: 100,
      correct: 85,
      rowsNeeded: 29,
    })
    expect(guaranteed([], 0.9)).toMatchObject({ threshold: null, reason: 'too-few-rows', rows: 0 })
  })

  it('stops at the first failure, even if lower thresholds would pass', () => {
    // binomtest(k, n, 0.9, alternative='greater') of SciPy 1.10: 0.0003 for 99 of 100, 0.65 for 179 of 200.
    const rows = [...rowsOf(0.95, 99, 1), ...rowsOf(0.75, 80, 20), ...rowsOf(0.55, 600)]
    expect(guaranteed(rows, 0.9)).toEqual({ threshold: 0.76, rows: 100, correct: 99 })
    // All 800 rows would pass: 779 of them are right.
    expect(
      guaranteed(
        rows.map(({ correct }) => ({ confidence: 0.5, correct })),
        0.9,
      ).threshold,
    ).toBe(0)
  })

  it('counts labelled rows alone', () => {
    const unlabelled = Array.from(
      { length: 50 },
      (): JudgedRow => ({ confidence: 0.9, correct: { section: true } }),
    )
    const curve = validationCurve(['section', 'group'], [...rowsOf(0.7, 29), ...unlabelled])
    expect(guaranteedThreshold(curve, 'group', options)).toEqual({ threshold: 0, rows: 29, correct: 29 })
  })

  it('refuses certainty, and levels that the curve lacks', () => {
    const refused = (fn: () => unknown, code: string) =>
      expect(fn).toThrow(
        expect.objectContaining({ code, message: expect.stringMatching(/received .*\. .*\.$/) }),
      )
    for (const share of [0, 1, 1.5, Number.NaN]) {
      refused(() => guaranteed(rowsOf(0.7, 100), share), 'scores/accuracy')
      refused(() => guaranteed(rowsOf(0.7, 100), 0.9, share), 'scores/accuracy')
    }
    refused(() => guaranteedThreshold(validationCurve(['group'], []), 'class', options), 'scores/level')
  })
})
