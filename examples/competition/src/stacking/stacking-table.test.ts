import { expect, it } from 'vitest'
import { stackingTable } from './stacking-table.ts'

it('has a row for each combination, in percent and points', () => {
  const difference = { difference: -0.01, low: -0.02, high: 0.005 }
  const table = stackingTable(
    ['section', 'group'],
    [
      {
        name: 'base',
        levels: [0.9, 0.5].map((accuracy) => ({ accuracy, difference: undefined })),
        logLoss: { mean: 0.51234, difference },
        seconds: 2.4,
      },
      {
        name: 'other',
        levels: [0.9, 0.49].map((accuracy) => ({ accuracy, difference })),
        logLoss: undefined,
        seconds: 0,
      },
    ],
  )
  const lines = table.split('\n').map((line) => line.split('|').map((cell) => cell.trim()))
  expect(lines[2]).toEqual([
    '',
    'base',
    '90.00',
    '–',
    '50.00',
    '–',
    '0.5123',
    '−0.0100 (−0.0200 to +0.0050)',
    '2',
    '',
  ])
  expect(lines[3]?.slice(3, 8)).toEqual([
    '−1.00 (−2.00 to +0.50)',
    '49.00',
    '−1.00 (−2.00 to +0.50)',
    '–',
    '–',
  ])
  expect(new Set(table.split('\n').map(({ length }) => length)).size).toBe(1)
})
