import { codesOf } from '@kic/classification'
import { ksic10Occurring } from '@kic/classification/ksic'
import { describe, expect, it } from 'vitest'
import { evaluationRows } from '../evaluation/rows.ts'
import { lexicon } from './lexicon.ts'
import type { LexiconEntry } from './lexicon-entry.ts'

const listsOf = (entry: LexiconEntry): readonly (readonly string[])[] => [
  entry.places,
  entry.methods,
  entry.products,
  entry.answers,
]
const packed = (text: string): string => text.replace(/\s/g, '')

describe('lexicon', () => {
  it('has each group that occurs once, in order', () => {
    expect(lexicon.map((entry) => entry.group)).toEqual(codesOf(ksic10Occurring, 'group'))
  })

  it('has enough words of each group', () => {
    for (const { group, places, methods, products, answers } of lexicon) {
      expect(places.length, `places of ${group}`).toBeGreaterThanOrEqual(8)
      expect(methods.length, `methods of ${group}`).toBeGreaterThanOrEqual(8)
      expect(products.length, `products of ${group}`).toBeGreaterThanOrEqual(20)
      expect(answers.length, `answers of ${group}`).toBeGreaterThanOrEqual(10)
    }
    expect(lexicon.reduce((sum, entry) => sum + entry.products.length, 0)).toBeGreaterThan(20_000)
  })

  it('has clean words, none twice in a list', () => {
    for (const entry of lexicon) {
      for (const list of listsOf(entry)) {
        expect(new Set(list).size, entry.group).toBe(list.length)
        expect(list.filter((word) => !/^[^\s|]+( [^\s|]+)*$/.test(word))).toEqual([])
      }
    }
  })

  it('contains no hand-written evaluation row, with any spaces', () => {
    const texts = lexicon
      .flatMap((entry) => listsOf(entry).flat())
      .map(packed)
      .join('\n')
    const known = evaluationRows
      .map((row) => packed(row.object + row.method + row.deal))
      .filter((text) => texts.includes(text))
    expect(known).toEqual([])
  })
})
