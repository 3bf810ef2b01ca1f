import { codesOf } from '@kic/classification'
import { ksic10Occurring } from '@kic/classification/ksic'
import { describe, expect, it } from 'vitest'
import { readLexicon } from '../read-lexicon.ts'
import { goodsRulesOf } from './goods-rules.ts'

const lexicon = readLexicon()
const groups = codesOf(ksic10Occurring, 'group')

describe('goodsRulesOf', () => {
  it('names only groups that the lexicon has, and leaves stems', () => {
    for (const group of groups) {
      for (const rule of goodsRulesOf(group)) {
        const sources = [...rule.makers, ...rule.workers]
        expect(sources.filter((source) => !groups.includes(source))).toEqual([])
        const stems = [
          ...rule.stems,
          ...lexicon.filter((entry) => rule.makers.includes(entry.group)).flatMap((entry) => entry.products),
          ...lexicon.filter((entry) => rule.workers.includes(entry.group)).flatMap((entry) => entry.methods),
        ].filter((stem) => (rule.only?.test(stem) ?? true) && !(rule.except?.test(stem) ?? false))
        expect(stems.length, group).toBeGreaterThan(4)
      }
    }
  })

  it('leaves at least half of the goods to the group itself', () => {
    const shares = groups.map((group) => goodsRulesOf(group).reduce((sum, rule) => sum + rule.share, 0))
    expect(Math.max(...shares)).toBeLessThan(0.501)
    expect(shares.filter((share) => share > 0).length).toBeGreaterThan(40)
  })

  it('has rules of groups that occur only', () => {
    expect(goodsRulesOf('999')).toEqual([])
    expect(goodsRulesOf('463').length).toBeGreaterThan(0)
  })
})
