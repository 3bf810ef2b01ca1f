import { expect, it } from 'vitest'
import { stackingTable } from './stacking-table.ts'

it('has a row for each combination, in percent and points', () => {
  const row = { accuracies: [0.9, 0.5], seconds: 2.4 }
  const table = stackingTable(
    ['section', 'group'],
    [
      { ...row, name: 'base', logLoss: 0.51234, difference: undefined },
      {
        ...row,
        name: 'other',
        logLoss: undefined,
        difference: { difference: -0.01, low: -0.02, high: 0.005 },
      },
    ],
  )
  const lines = table.split('\n').map((line) => line.split('|').map((cell) => cell.trim()))
  expect(lines[2]).toEqual(['', 'base', '90.00', '50.00', '0.5123', '–', '2', ''])
  expect(lines[3]?.slice(4, 6)).toEqual(['–', '−1.00 (−2.00 to +0.50)'])
  expect(new Set(table.split('\n').map(({ length }) => length)).size).toBe(1)
})
