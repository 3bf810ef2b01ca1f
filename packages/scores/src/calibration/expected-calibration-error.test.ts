import { expect, it } from 'vitest'
import { expectedCalibrationError } from './expected-calibration-error.ts'
import { reliabilityBins } from './reliability-bins.ts'

it('calibration error as numpy computes it over the same bins', () => {
  const probabilities = [
    [0.62, 0.2, 0.18],
    [0.33, 0.34, 0.33],
    [0.05, 0.05, 0.9],
    [0.07, 0.9, 0.03],
    [0.5, 0.3, 0.2],
    [0.25, 0.65, 0.1],
    [0.1, 0.15, 0.75],
    [0.45, 0.35, 0.2],
  ].flat()
  const labels = [0, 2, 2, 1, 1, 1, 0, 0]
  expect(expectedCalibrationError(probabilities, 3, labels, 10)).toBeCloseTo(0.25875, 9)
  expect(expectedCalibrationError(probabilities, 3, labels)).toBeCloseTo(0.38375, 9)
})

it('bins are open below and closed above, and refuse NaN', () => {
  const rows = (...confidences: number[]) =>
    reliabilityBins(
      confidences.flatMap((p) => [p, 1 - p]),
      2,
      confidences.map(() => 0),
      2,
    ).map((bin) => bin.rows)
  expect(rows(0.5, 0.51, 1)).toEqual([1, 2])
  expect(() => rows(Number.NaN)).toThrow(expect.objectContaining({ code: 'scores/not-a-number' }))
})
