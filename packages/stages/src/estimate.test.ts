import { expect, it } from 'vitest'
import type { Effort } from './effort.ts'
import { estimateStages, secondsLeft } from './estimate.ts'
import type { Stage } from './stage.ts'

const stage = (name: string, effort?: Effort): Stage => ({
  name,
  version: 1,
  config: {},
  needs: {},
  memory: 1,
  run: () => Promise.resolve(),
  effort,
})

it('measures each kind once, and leaves out stages of unknown speed', async () => {
  const measured: string[] = []
  const effort = (kind: string, examples: number): Effort => ({
    kind,
    examples,
    measure: () => {
      measured.push(kind)
      return Promise.resolve(kind === 'unknown' ? undefined : { start: 2, perExample: 0.01 })
    },
  })
  const stages = [
    stage('a', effort('small', 100)),
    stage('b', effort('small', 1000)),
    stage('c'),
    stage('d', effort('unknown', 10)),
    stage('e', effort('unknown', 10)),
  ]
  const said: string[] = []
  const estimates = await estimateStages(stages, (line) => said.push(line))
  expect(said).toEqual([
    'measuring the speed of this machine for 2 kinds of stages',
    '1 of 2 measured, small: 100 examples/s',
    '2 of 2 measured, unknown: not known yet',
  ])
  expect([...estimates]).toEqual([
    ['a', 3],
    ['b', 12],
    ['c', 0],
  ])
  expect(measured).toEqual(['small', 'unknown'])
})

it('predicts the remaining time from estimates, corrected by finished stages', () => {
  const estimates = new Map([
    ['a', 10],
    ['b', 20],
    ['c', 40],
  ])
  const nothing = { ended: [], running: [], waiting: [], jobs: 1 }
  expect(secondsLeft(estimates, { ...nothing, waiting: ['a', 'b', 'c'] })).toBe(70)
  // The first stage took twice as long, so the others are expected to.
  const after = { ...nothing, ended: [{ name: 'a', seconds: 20 }], waiting: ['c'] }
  expect(secondsLeft(estimates, { ...after, running: [{ name: 'b', seconds: 15 }] })).toBe(25 + 80)
  expect(secondsLeft(estimates, { ...after, running: [{ name: 'b', seconds: 99 }] })).toBe(80)
  expect(secondsLeft(estimates, { ...after, running: [{ name: 'b', seconds: 15 }], jobs: 2 })).toBe(52.5)
  expect(
    secondsLeft(estimates, { ...nothing, ended: [{ name: 'unknown', seconds: 5 }], waiting: ['a'] }),
  ).toBe(10)
  expect(secondsLeft(estimates, { ...nothing, waiting: ['a', 'unknown'] })).toBeUndefined()
})
