import { readdirSync } from 'node:fs'
import { codesOf } from '@kic/classification'
import { ksic10Occurring } from '@kic/classification/ksic'
import { describe, expect, it, vi } from 'vitest'
import { evaluationRows } from './evaluation/rows.ts'
import type { LexiconEntry } from './lexicon/lexicon-entry.ts'
import { readLexicon } from './read-lexicon.ts'

const listsOf = (entry: LexiconEntry): readonly (readonly string[])[] => [
  entry.places,
  entry.methods,
  entry.products,
  entry.answers,
]
/** Up to ten words without marks of the files' format: a longer one is a list with a slash too few. */
const CLEAN = /^(?!\/)[^\s|[\]@#]+( (?!\/)[^\s|[\]@#]+){0,9}(?<!\/)$/
const packed = (text: string): string => text.replace(/\s/g, '')
const lexicon = readLexicon()

describe('readLexicon', () => {
  it('has each group that occurs, in order, and no other file', () => {
    const groups = codesOf(ksic10Occurring, 'group')
    expect(lexicon.map((entry) => entry.group)).toEqual(groups)
    const files = readdirSync(new URL('../lexicon/', import.meta.url))
    expect(files.sort()).toEqual([...groups, 'shared'].map((name) => `${name}.txt`).sort())
  })

  it('reads the files once', () => {
    expect(readLexicon()).toBe(lexicon)
  })

  it('says what to do where there are no files', async () => {
    vi.resetModules()
    const fresh = await import('./read-lexicon.ts')
    vi.stubGlobal('process', {})
    try {
      expect(() => fresh.readLexicon()).toThrow(
        expect.objectContaining({
          code: 'korean-answers/no-lexicon',
          message: expect.stringMatching(
            /lexicon\/shared\.txt .*getBuiltinModule is not a function.* `lexicon`/,
          ),
        }),
      )
    } finally {
      vi.unstubAllGlobals()
    }
  })

  it('has enough words of each group', () => {
    for (const { group, places, methods, products, answers } of lexicon) {
      expect(places.length, `places of ${group}`).toBeGreaterThanOrEqual(8)
      expect(methods.length, `methods of ${group}`).toBeGreaterThanOrEqual(8)
      expect(products.length, `products of ${group}`).toBeGreaterThanOrEqual(20)
      expect(answers.length, `answers of ${group}`).toBeGreaterThanOrEqual(10)
    }
    expect(lexicon.reduce((sum, entry) => sum + entry.products.length, 0)).toBeGreaterThan(160_000)
  })

  it('has clean words, none twice in a list', () => {
    for (const entry of lexicon) {
      for (const list of listsOf(entry)) {
        expect(new Set(list).size, entry.group).toBe(list.length)
        expect(list.filter((word) => !CLEAN.test(word))).toEqual([])
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
