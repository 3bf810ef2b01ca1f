import { codesOf, labelsOf } from '@kic/classification'
import { ksic10Occurring } from '@kic/classification/ksic'
import { expect, it } from 'vitest'
import { mannerOf } from './manner-of.ts'

const verbsOf = (group: string): readonly string[] => mannerOf(group, group < '034' ? 'A' : 'C').verbs

it('takes the entry of the group before that of its division and its section', () => {
  expect(mannerOf('461', 'G').verbs).toContain('중개')
  expect(mannerOf('463', 'G').verbs).toContain('도매')
  expect(mannerOf('472', 'G').verbs).toContain('소매')
  expect(verbsOf('012')).toContain('사육')
  expect(verbsOf('011')).toContain('재배')
  expect(verbsOf('222')).toContain('제조')
})

it('distinguishes makers, wholesalers and retailers by their verbs', () => {
  const share = (group: string, word: string): number => {
    const { verbs } = mannerOf(group, labelsOf(ksic10Occurring, 'group', group).section ?? '')
    return verbs.filter((verb) => verb.includes(word)).length / verbs.length
  }
  for (const group of codesOf(ksic10Occurring, 'group')) {
    if (/^(1|2|30|31|32|33)/.test(group)) expect(share(group, '소매') + share(group, '도매'), group).toBe(0)
    if (/^47[1-8]/.test(group)) expect(share(group, '소매'), group).toBeGreaterThan(0.2)
    if (/^46[2-8]/.test(group)) expect(share(group, '도매'), group).toBeGreaterThan(0.5)
  }
})

it('gives every group verbs, weighted and without the marks of the notation', () => {
  for (const group of codesOf(ksic10Occurring, 'group')) {
    const { verbs, manners, bare } = mannerOf(group, labelsOf(ksic10Occurring, 'group', group).section ?? '')
    expect(new Set(verbs).size, group).toBeGreaterThanOrEqual(4)
    expect(verbs.length, group).toBeGreaterThan(new Set(verbs).size)
    for (const word of [...verbs, ...manners]) expect(word).not.toMatch(/[*_|]|^\s|\s$|^$/)
    expect(bare).toBeGreaterThanOrEqual(0)
    expect(bare).toBeLessThan(0.5)
  }
})
