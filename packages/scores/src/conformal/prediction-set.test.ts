import { createRandom } from '@kic/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rowsAt, type SyntheticRows, syntheticRows } from './__fixtures__/synthetic-classifier.ts'
import {
  type ConformalCalibration,
  type ConformalOptions,
  conformalCalibration,
} from './conformal-calibration.ts'
import { type PredictionSetOptions, predictionSet } from './prediction-set.ts'

const calibrate = ({ probabilities, classes, actual }: SyntheticRows, options?: ConformalOptions) =>
  conformalCalibration(probabilities, classes, actual, options)

/** For each row whether its set has the true class. */
const covered = (
  calibration: ConformalCalibration,
  { classes, probabilities, actual }: SyntheticRows,
  coverage: number,
  { classConditional = false, exactCoverage = false }: PredictionSetOptions = {},
): readonly boolean[] =>
  Array.from(actual, (truth, row) =>
    predictionSet(calibration, probabilities.subarray(row * classes, (row + 1) * classes), coverage, {
      classConditional,
      exactCoverage,
    }).includes(truth),
  )

const share = (hits: readonly boolean[]): number => hits.filter(Boolean).length / hits.length
const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length

/** Calibration rows, half of all, and the others, at random. */
const split = (rows: SyntheticRows, seed: number) => {
  const size = rows.actual.length / 2
  const order = createRandom(seed, 'halves').shuffle([...rows.actual.keys()])
  return [rowsAt(rows, order.slice(0, size)), rowsAt(rows, order.slice(size))] as const
}

/** The rows with classes 0 and 1, 2 and 3, … taken together. */
const coarser = ({ classes, probabilities, actual }: SyntheticRows): SyntheticRows => ({
  classes: classes / 2,
  probabilities: Float64Array.from(
    { length: probabilities.length / 2 },
    (_, i) => (probabilities[2 * i] ?? Number.NaN) + (probabilities[2 * i + 1] ?? Number.NaN),
  ),
  actual: actual.map((truth) => truth >> 1),
})

describe('coverage over 20 random halves', () => {
  const common = { seed: 1, rows: 2400, classes: 10, signal: () => 1.5, skew: 0.5 }
  const classifiers = {
    'well calibrated': syntheticRows({ ...common, sharpness: 1.5 }),
    overconfident: syntheticRows({ ...common, sharpness: 6 }),
    underconfident: syntheticRows({ ...common, sharpness: 0.3 }),
    'at a coarser level': coarser(syntheticRows({ ...common, signal: () => 1, sharpness: 1.5 })),
  }

  it.each(Object.entries(classifiers))('is as asked for within a point: %s', (_, rows) => {
    const halves = Array.from({ length: 20 }, (_, seed) => split(rows, seed))
    const calibrated = halves.map(([calibration, others]) => [calibrate(calibration), others] as const)
    for (const coverage of [0.8, 0.9, 0.95]) {
      const reached = mean(
        calibrated.map(([calibration, others]) => share(covered(calibration, others, coverage))),
      )
      expect(Math.abs(reached - coverage), `${reached} at ${coverage}`).toBeLessThan(0.01)
    }
  })

  it('is that of the most probable class where this is more than asked for', () => {
    const sure = syntheticRows({ ...common, signal: () => 4, sharpness: 3 })
    const [calibration, others] = split(sure, 1)
    const { classes, probabilities, actual } = others
    const top = Array.from(actual, (truth, row) => {
      const own = probabilities.subarray(row * classes, (row + 1) * classes)
      return own[truth] === Math.max(...own)
    })
    expect(share(top)).toBeGreaterThan(0.95)
    expect(share(covered(calibrate(calibration), others, 0.8))).toBe(share(top))
  })

  it('is exactly as asked for if sets may be empty, however sure the classifier', () => {
    const sure = syntheticRows({ ...common, signal: () => 4, sharpness: 5 })
    const halves = Array.from({ length: 20 }, (_, seed) => split(sure, seed))
    for (const coverage of [0.8, 0.9, 0.95]) {
      const reached = mean(
        halves.map(([calibration, others]) =>
          share(covered(calibrate(calibration), others, coverage, { exactCoverage: true })),
        ),
      )
      expect(Math.abs(reached - coverage), `${reached} at ${coverage}`).toBeLessThan(0.01)
    }
  })
})

describe('class-conditional coverage over 60 random halves', () => {
  // Frequent classes are easy and rare ones hard, so that marginal sets sacrifice the rare ones.
  const rows = syntheticRows({
    seed: 2,
    rows: 5000,
    classes: 30,
    signal: (c) => (c < 3 ? 3 : 1.2),
    sharpness: 1.5,
    skew: 0.9,
  })
  const halves = Array.from({ length: 60 }, (_, seed) => {
    const [calibration, others] = split(rows, seed)
    return [calibrate(calibration), others] as const
  })
  const coverageOf = (which: (c: number) => boolean, coverage: number, classConditional: boolean): number =>
    mean(
      halves.map(([calibration, others]) => {
        const chosen = [...others.actual.keys()].filter((row) => which(others.actual[row] ?? -1))
        return share(covered(calibration, rowsAt(others, chosen), coverage, { classConditional }))
      }),
    )
  const hard = [...Array(rows.classes).keys()].filter(
    (c) => c >= 3 && rows.actual.filter((truth) => truth === c).length >= 200,
  )

  it('is as asked for in each class with many rows, unlike that of marginal sets', () => {
    expect(hard.length).toBeGreaterThan(2)
    for (const c of hard) {
      const is = (other: number): boolean => other === c
      for (const coverage of [0.8, 0.9, 0.95]) {
        const reached = coverageOf(is, coverage, true)
        expect(Math.abs(reached - coverage), `${reached} of class ${c} at ${coverage}`).toBeLessThan(0.02)
      }
    }
    expect(coverageOf((c) => c === hard.at(-1), 0.9, false)).toBeLessThan(0.85)
  })

  it('is as asked for over the classes that share a pool', () => {
    const pooled = (c: number): boolean =>
      halves.every(([{ classConditional }]) => classConditional.byClass[c] === null)
    expect([...Array(rows.classes).keys()].filter(pooled).length).toBeGreaterThan(5)
    for (const coverage of [0.8, 0.9, 0.95]) {
      expect(Math.abs(coverageOf(pooled, coverage, true) - coverage)).toBeLessThan(0.02)
    }
    expect(coverageOf(pooled, 0.9, false)).toBeLessThan(0.85)
  })
})

/** Any rows: ties, zeros and absent classes included. */
const anyRows = fc
  .record({ classes: fc.integer({ min: 1, max: 6 }), rows: fc.integer({ min: 0, max: 60 }) })
  .chain(({ classes, rows }) =>
    fc.record({
      classes: fc.constant(classes),
      probabilities: fc
        .array(fc.integer({ min: 0, max: 8 }), { minLength: rows * classes, maxLength: rows * classes })
        .map((parts) => Float64Array.from(parts, (part) => part / 8)),
      actual: fc
        .array(fc.nat(classes - 1), { minLength: rows, maxLength: rows })
        .map((actual) => Int32Array.from(actual)),
      row: fc
        .array(fc.integer({ min: 0, max: 8 }), { minLength: classes, maxLength: classes })
        .map((parts) => parts.map((part) => part / 8)),
      order: fc.shuffledSubarray([...Array(classes).keys()], { minLength: classes }),
      leastRows: fc.integer({ min: 1, max: 12 }),
      classConditional: fc.boolean(),
    }),
  )
const anyCoverage = fc.oneof(
  fc.constantFrom(0, 0.5, 0.8, 0.9, 0.95, 0.99, 1),
  fc.double({ min: 0, max: 1, noNaN: true }),
)

describe('a set', () => {
  it('grows with coverage, has the most probable classes first, and is all classes for certainty', () => {
    fc.assert(
      fc.property(anyRows, anyCoverage, anyCoverage, (rows, one, other) => {
        const calibration = calibrate(rows, rows)
        const [less, more] = [Math.min(one, other), Math.max(one, other)].map((coverage) =>
          predictionSet(calibration, rows.row, coverage, rows),
        )
        expect(more).toEqual(expect.arrayContaining([...(less ?? [])]))
        const top = rows.row.flatMap((p, c) => (p === Math.max(...rows.row) ? [c] : []))
        expect(less?.slice(0, top.length)).toEqual(top)
        const probabilities = more?.map((c) => rows.row[c] ?? -1) ?? []
        expect(probabilities).toEqual(probabilities.toSorted((a, b) => b - a))
        expect(predictionSet(calibration, rows.row, 1, rows)).toHaveLength(rows.classes)
      }),
    )
  })

  it('depends neither on the order of the calibration rows nor on the numbers of the classes', () => {
    fc.assert(
      fc.property(anyRows, anyCoverage, (rows, coverage) => {
        const { classes, probabilities, actual, row, order } = rows
        const calibration = calibrate(rows, rows)
        expect(calibrate(rowsAt(rows, [...actual.keys()].reverse()), rows)).toEqual(calibration)
        const numbered = {
          classes,
          actual: actual.map((truth) => order.indexOf(truth)),
          probabilities: Float64Array.from(
            probabilities.keys(),
            (i) => probabilities[i - (i % classes) + (order[i % classes] ?? -1)] ?? Number.NaN,
          ),
        }
        const set = predictionSet(
          calibrate(numbered, rows),
          order.map((c) => row[c] ?? Number.NaN),
          coverage,
          rows,
        )
        const before = predictionSet(calibration, row, coverage, rows)
        expect(new Set(set.map((c) => order[c]))).toEqual(new Set(before))
      }),
    )
  })

  it('is the same from a calibration that a file held', () => {
    fc.assert(
      fc.property(anyRows, anyCoverage, (rows, coverage) => {
        const calibration = calibrate(rows, rows)
        const stored: ConformalCalibration = JSON.parse(JSON.stringify(calibration))
        expect(stored).toEqual(calibration)
        expect(predictionSet(stored, rows.row, coverage, rows)).toEqual(
          predictionSet(calibration, rows.row, coverage, rows),
        )
      }),
    )
  })
})

describe('a calibration', () => {
  it('is less than 64 KB for 225 classes with thresholds of their own', () => {
    const rows = syntheticRows({ seed: 3, rows: 4500, classes: 225, signal: () => 2, sharpness: 3, skew: 0 })
    const calibration = calibrate(rows, { leastRows: 5 })
    expect(calibration.classConditional.byClass.filter((own) => own !== null)).toHaveLength(225)
    expect(JSON.stringify(calibration).length).toBeLessThan(64 * 1024)
  })

  it('gives a class its own thresholds from leastRows rows on, and pools the rows of that many', () => {
    const actual = [0, 0, 0, 1, 1, 2]
    const probabilities = actual.flatMap((truth) => [0, 1, 2].map((c) => (c === truth ? 0.5 : 0.25)))
    const { marginal, classConditional } = conformalCalibration(probabilities, 3, actual, { leastRows: 2 })
    expect(classConditional.byClass.map((own) => own?.rows)).toEqual([3, 2, undefined])
    expect([marginal.rows, classConditional.pooled.rows]).toEqual([6, 3])
  })
})

it('refuses what is no probability, class or coverage, by code', () => {
  const refused = (fn: () => unknown, code: string) =>
    expect(fn).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(/received .*\. .*\.$/) }),
    )
  refused(() => conformalCalibration([0.5, 0.5, 1], 2, [0]), 'scores/shape')
  refused(() => conformalCalibration([0.5, 0.5], 2, [0, 1]), 'scores/shape')
  for (const truth of [-1, 2, 0.5, Number.NaN]) {
    refused(() => conformalCalibration([0.5, 0.5], 2, [truth]), 'scores/labels')
  }
  refused(() => conformalCalibration([0.5, 7], 2, [0]), 'scores/probability')
  refused(() => conformalCalibration([0.5, Number.NaN], 2, [0]), 'scores/not-a-number')
  refused(() => conformalCalibration([0.5, 0.5], 2, [0], { leastRows: 0 }), 'scores/least-rows')
  const calibration = conformalCalibration([0.5, 0.5], 2, [0])
  for (const coverage of [-0.1, 1.1, Number.NaN]) {
    refused(() => predictionSet(calibration, [0.5, 0.5], coverage), 'scores/coverage')
  }
  refused(() => predictionSet(calibration, [0.5, 0.3, 0.2], 0.9), 'scores/shape')
  refused(() => predictionSet(calibration, [-1, 2], 0.9), 'scores/probability')
  refused(() => predictionSet(calibration, [Number.NaN, 1], 0.9), 'scores/not-a-number')
})
