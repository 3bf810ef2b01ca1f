import { expect, it } from 'vitest'
import { planLines } from './plan-lines.ts'

it('writes a plan, and does not count finished stages', () => {
  const stages = [
    { name: 'vocabulary', state: 'missing', runs: false },
    { name: 'encoder/small', state: 'done', runs: false },
    { name: 'member/a', state: 'begun', runs: true },
    { name: 'member/b', state: 'missing', runs: true, note: '2 GiB of memory' },
  ] as const
  const estimates = new Map([
    ['encoder/small', 1e6],
    ['member/a', 90],
    ['member/b', 3600],
  ])
  expect(planLines(stages, estimates)).toEqual([
    'not needed  vocabulary',
    'done        encoder/small',
    'begun       member/a       about 1m30s',
    'missing     member/b       about 1h00m  2 GiB of memory',
    '2 of 4 stages to run: about 1h01m',
  ])
  estimates.delete('member/b')
  expect(planLines(stages, estimates).at(-1)).toBe(
    '2 of 4 stages to run: about 1m30s, and 1 without an estimate',
  )
})
