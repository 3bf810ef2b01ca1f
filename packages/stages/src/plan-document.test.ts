import { isKicError } from '@kic/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type PlanEntry, parsePlan, planDocument } from './plan-document.ts'

const digest = (digit: string): string => digit.repeat(64)
const entry = (name: string, digit: string, more: Partial<PlanEntry> = {}): PlanEntry => ({
  name,
  digest: digest(digit),
  needs: {},
  state: 'missing',
  runs: true,
  seconds: 2,
  memory: 300e6,
  folder: `${name.replace('/', '-')}-${digit.repeat(12)}`,
  ...more,
})
const words = entry('words', 'a', { state: 'done', runs: false })
const member = entry('member/small', 'b', { needs: { words: { name: 'words', digest: digest('a') } } })
const vote = entry('vote', 'c', { seconds: undefined })
const plan = planDocument([words, member, vote])

describe('parsePlan', () => {
  it('reads what JSON keeps of a plan, with the totals of the stages that run', () => {
    expect(parsePlan(JSON.stringify(plan), 'plan.json')).toEqual(plan)
    expect(plan.total).toEqual({ stages: 2, seconds: 2, unknown: 1 })
  })

  it.each<[string, string, (changed: Record<string, unknown>) => unknown]>([
    ['another format', 'format', (changed) => ({ ...changed, format: 'another' })],
    ['another version', 'version', (changed) => ({ ...changed, version: 2 })],
    ['a stage that is none', 'stages[0]', (changed) => ({ ...changed, stages: [7] })],
    ['an unknown field', 'the file', (changed) => ({ ...changed, more: 1 })],
    ['a list', 'the file', () => []],
    [
      'a negative total',
      'total.seconds',
      (changed) => ({ ...changed, total: { ...plan.total, seconds: -1 } }),
    ],
  ])('refuses %s', (_, path, change) => {
    refuses(JSON.stringify(change({ ...plan })), `plan.json must be a plan. ${path}: `)
  })

  it.each<[string, string, Partial<Record<keyof PlanEntry, unknown>>]>([
    ['a path as a name', 'stages[1].name', { name: '../../etc' }],
    ['a path as a folder', 'stages[1].folder', { folder: '../member' }],
    ['the folder of another stage', 'stages[1].folder', { folder: 'words-aaaaaaaaaaaa' }],
    ['a short digest', 'stages[1].digest', { digest: 'b' }],
    [
      'a need of another digest',
      'stages[1].needs.words',
      { needs: { words: { name: 'words', digest: digest('f') } } },
    ],
    ['a need without digest', 'stages[1].needs.words.digest', { needs: { words: { name: 'words' } } }],
    ['a later need', 'stages[1].needs.vote', { needs: { vote: { name: 'vote', digest: digest('c') } } }],
    [
      'itself as a need',
      'stages[1].needs.me',
      { needs: { me: { name: 'member/small', digest: digest('b') } } },
    ],
    ['an unknown state', 'stages[1].state', { state: 'running' }],
    ['no seconds at all', 'stages[1].seconds', { seconds: null }],
    ['memory that is text', 'stages[1].memory', { memory: '1' }],
  ])('refuses a stage with %s', (_, path, change) => {
    refuses(JSON.stringify({ ...plan, stages: [words, { ...member, ...change }, vote] }), path)
  })

  it('refuses a stage that is listed twice, and text that is no JSON', () => {
    refuses(JSON.stringify({ ...plan, stages: [words, words] }), "stages[1].name: 'words' again")
    refuses('{', 'must be JSON')
  })

  it('throws nothing but its own error, whatever the text', () => {
    const whole = JSON.stringify(plan)
    const cut = fc.tuple(fc.nat(whole.length), fc.nat(whole.length), fc.string()).map(([from, to, text]) => {
      return whole.slice(0, from) + text + whole.slice(to)
    })
    fc.assert(
      fc.property(fc.oneof(cut, fc.json()), (text) => {
        try {
          parsePlan(text, 'plan.json')
        } catch (error) {
          expect(isKicError(error) && error.code).toBe('stages/plan')
        }
      }),
    )
  })
})

const refuses = (text: string, part: string): void => {
  let thrown: unknown
  try {
    parsePlan(text, 'plan.json')
  } catch (error) {
    thrown = error
  }
  expect(thrown).toMatchObject({ code: 'stages/plan', message: expect.stringContaining(part) })
  expect(String(thrown)).toContain('Write the plan again.')
}
