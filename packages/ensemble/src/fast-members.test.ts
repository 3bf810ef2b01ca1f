import type { Probabilities } from '@kic/scores'
import { expect, it } from 'vitest'
import { parseEnsemble } from './ensemble.ts'
import { fastMembers } from './fast-members.ts'

const labels = ['a', 'b']
const ensembleOf = (members: readonly { name: string; level: string }[]) =>
  parseEnsemble({
    format: 'kic-ensemble',
    version: 1,
    scheme: 'path',
    levels: [
      { name: 'coarse', labels: ['x'] },
      { name: 'fine', labels, parents: [0, 0] },
    ],
    members,
  })
const truth = Int32Array.from({ length: 100 }, (_, row) => row % 2)
/** Right in all but the given rows, and the surer the larger `sure`. */
const opinion = (wrong: (row: number) => boolean, sure = 0.8): Probabilities => ({
  rows: 100,
  classes: 2,
  data: Float32Array.from({ length: 200 }, (_, at) => {
    const row = Math.floor(at / 2)
    const own = at % 2 === (truth[row] ?? -1)
    return own === wrong(row) ? 1 - sure : sure
  }),
})

it('takes the cheapest members that are within a point of all', () => {
  const names = ['slow', 'quick', 'poor', 'coarse']
  const ensemble = ensembleOf(names.map((name) => ({ name, level: name === 'coarse' ? 'coarse' : 'fine' })))
  const given = [
    opinion(() => false, 0.95),
    opinion((row) => row === 0),
    opinion((row) => row > 0 && row < 6, 0.7),
    { rows: 100, classes: 1, data: new Float32Array(100).fill(1) },
  ]
  const costs = [10, 2, 1, 0.1]
  // All are right in every row, `quick` in 99 of 100, `poor` in 95.
  expect(fastMembers(ensemble, given, { truth, costs })).toEqual([1])
  expect(fastMembers(ensemble, given, { truth, costs, within: 0.001 })).toEqual([0])
  expect(fastMembers(ensemble, given, { truth, costs, within: 0.05 })).toEqual([2])
})

it('tries single members and pairs of many', () => {
  const ensemble = ensembleOf(Array.from({ length: 14 }, (_, k) => ({ name: `m${k}`, level: 'fine' })))
  const given = ensemble.members.map((_, k) => opinion((row) => k > 1 && row < 50, 0.6))
  const costs = ensemble.members.map((_, k) => 14 - k)
  expect(fastMembers(ensemble, given, { truth, costs, within: 0 })).toEqual([13])
  given[13] = opinion((row) => row < 60, 0.6)
  given[12] = opinion((row) => row < 60, 0.6)
  expect(fastMembers(ensemble, given, { truth, costs, within: 0 })).toEqual([11])
})
