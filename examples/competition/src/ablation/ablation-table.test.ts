import { expect, it } from 'vitest'
import { ABLATION_PRESETS } from './ablation-preset.ts'
import { ROW_GROUPS } from './ablation-rows.ts'
import { ablationTable, type SeedScores, spread } from './ablation-table.ts'

const scores = (seed: number, accuracy: number, extraSeconds = 0): SeedScores => ({
  seed,
  levels: { section: { accuracy: 0.9, macroF1: 0.8 }, group: { accuracy, macroF1: accuracy / 2 } },
  updates: 100,
  seconds: 10 * seed,
  extraUpdates: 0,
  extraSeconds,
})
const { quick } = ABLATION_PRESETS
if (quick === undefined) throw new Error('no preset quick')

it('has a row for each method, with mean and sample deviation over seeds', () => {
  const table = ablationTable(['section', 'group'], ROW_GROUPS.methods(quick), {
    tapt: {
      seeds: [scores(1, 0.5, 7), scores(2, 0.53, 9)],
      difference: { difference: 0.1, low: -0.0123, high: 0.25 },
    },
    plain: { seeds: [scores(1, 0.4)], difference: undefined },
  })
  const [head = '', , ...rows] = table.split('\n').map((line) =>
    line
      .split('|')
      .map((cell) => cell.trim())
      .join('|'),
  )
  expect(head).toContain('|group accuracy|group macro-F1|group over plain|')
  expect(rows).toEqual([
    '|plain|90.00|80.00|40.00|20.00|–|10|0|',
    // numpy.std([50, 53], ddof=1) is 2.1213, of half of them 1.0607
    '|+ TAPT|90.00 ± 0.00|80.00 ± 0.00|51.50 ± 2.12|25.75 ± 1.06|+10.00 (−1.23 to +25.00)|15|8|',
  ])
  expect(new Set(table.split('\n').map((line) => line.length)).size).toBe(1)
})

it('knows the deviation of a textbook sample', () => {
  // NIST StRD "NumAcc1": mean 10000002, standard deviation 1.
  expect(spread([10000001, 10000003, 10000002])).toEqual({ mean: 10000002, deviation: 1 })
})
