import { expect, it } from 'vitest'
import { createSchedule, type ScheduleConfig } from './schedules.ts'

// The lambdas of transformers' src/transformers/optimization.py in Python, for 3 warm-up steps of 10 and the steps 0 to
// 11; polynomial with lr_init 5e-5, lr_end 1e-6, power 2.
const WARMUP = [0, 0.333333333, 0.666666667, 1]
const REFERENCE: readonly (readonly [ScheduleConfig, readonly number[]])[] = [
  [{ kind: 'constant' }, [1, 1, 1, 1, 1, 1, 1, 1]],
  [{ kind: 'linear' }, [0.857142857, 0.714285714, 0.571428571, 0.428571429, 0.285714286, 0.142857143, 0, 0]],
  [
    { kind: 'cosine' },
    [0.950484434, 0.811744901, 0.611260467, 0.388739533, 0.188255099, 0.049515566, 0, 0.049515566],
  ],
  [
    { kind: 'cosine', cycles: 1.5 },
    [0.611260467, 0.049515566, 0.188255099, 0.811744901, 0.950484434, 0.388739533, 0, 0.388739533],
  ],
  [
    { kind: 'cosine-with-restarts', cycles: 2 },
    [0.811744901, 0.388739533, 0.049515566, 0.950484434, 0.611260467, 0.188255099, 0, 0],
  ],
  [{ kind: 'polynomial', power: 2, endFactor: 1 / 50 }, [0.74, 0.52, 0.34, 0.2, 0.1, 0.04, 0.02, 0.02]],
]

it.each(REFERENCE)('%j equals transformers', (config, expected) => {
  for (const warmup of [{ warmupSteps: 3 }, { warmupRatio: 0.25 }]) {
    const schedule = createSchedule({ ...config, ...warmup }, 10)
    for (const [step, factor] of [...WARMUP, ...expected].entries())
      expect(schedule(step)).toBeCloseTo(factor, 8)
  }
})

it('starts at 1 without a warm-up, and refuses an invalid one', () => {
  expect(createSchedule({ kind: 'linear' }, 10)(0)).toBe(1)
  expect(() => createSchedule({ kind: 'linear', warmupSteps: -1 }, 10)).toThrow(/received -1/)
  expect(() => createSchedule({ kind: 'linear', warmupSteps: 1, warmupRatio: 0.1 }, 10)).toThrow(
    /received 1 and 0.1/,
  )
})
