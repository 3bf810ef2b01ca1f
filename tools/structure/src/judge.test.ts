import { expect, it } from 'vitest'
import { formatVerdict, judge } from './judge.ts'
import { RULES, type Rule } from './rules.ts'
import { readTree } from './testing/read-tree.ts'

const findings = [
  { at: 'packages/a/src/x.ts', message: 'is wrong.' },
  { at: 'packages/a/src/y.ts', message: 'is wrong too.' },
]
const rule: Rule = { name: 'some', about: 'all is right', check: () => findings }
const exception = (at: string) => ({ rule: 'some', at, reason: 'it is being moved' })

it('fails where a place is no exception, and where an exception is none', async () => {
  const repository = await readTree({})
  const at = ['packages/a/src/x.ts', 'packages/a/src/gone.ts'].map(exception)
  const [verdict] = judge(repository, [rule], at)
  expect(verdict && formatVerdict(verdict)).toBe(
    [
      'FAILED some: all is right',
      '         packages/a/src/y.ts is wrong too.',
      '         packages/a/src/gone.ts is no longer an exception. Delete it from exceptions.ts.',
    ].join('\n'),
  )
  expect(verdict?.passed).toBe(false)
})

it('passes with exceptions, those of other rules aside', async () => {
  const repository = await readTree({})
  const exceptions = [...findings.map(({ at }) => exception(at)), { rule: 'other', at: 'b', reason: 'none' }]
  expect(judge(repository, [rule], exceptions)).toEqual([{ rule, findings: [], passed: true }])
})

it('finds nothing in a repository of nothing, by any rule but those of the house itself', async () => {
  const repository = await readTree({
    'packages/core/package.json': '{"name":"@kic/core","description":"All"}',
  })
  const rules = RULES.filter(({ name }) => !['floors', 'korean', 'map'].includes(name))
  expect(judge(repository, rules, []).filter(({ passed }) => !passed)).toEqual([])
})
