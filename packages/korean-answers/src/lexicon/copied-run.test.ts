import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { readLexicon } from '../read-lexicon.ts'
import { copiedRun } from './__fixtures__/copied-run.ts'

const sorted = ['고등어', '굴비', '김', '꽁치', '낙지', '대구', '멸치']

it('finds what was copied from a sorted list, with words left out or added before and after', () => {
  expect(copiedRun(['쌀', '고등어', '김', '꽁치', '대구', '보리'], sorted)).toEqual([
    '고등어',
    '김',
    '꽁치',
    '대구',
  ])
  expect(copiedRun(['대구', '고등어', '멸치', '김'], sorted)).toHaveLength(1)
  expect(copiedRun(['고등어', '쌀', '굴비', '보리', '김'], sorted)).toEqual(['고등어'])
  expect(copiedRun(['고등어', '낙지'], sorted)).toEqual(['고등어'])
  expect(copiedRun([], sorted)).toEqual([])
})

/** What of an entry of the official index may be a word of the lexicon: without remarks, spaces and punctuation. */
const packed = (text: string): string => text.replace(/\([^)]*\)/g, '').replace(/[\s\p{P}]/gu, '')
const VERBS =
  /(제조|생산|가공|제작|도매|소매|중개|판매|재배|사육|채취|양식|수리|임대|서비스|운영|공사|설치|업)+$/u

/** In the official index, next to a checkout of the repository where somebody has it. */
const folder = fileURLToPath(new URL('../../../../../shared/data/ksic/', import.meta.url))

/**
 * The rule: in no list of the lexicon do four words follow each other as in the sorted index, and of all products and answers
 * together less than one in eight is in the index. Two people who write down what a trade calls its goods have many
 * words in common, but not in this order.
 */
it('has no runs of entries of the official index', () => {
  if (!existsSync(folder)) {
    console.info(`no official index at ${folder}: the lexicon is not compared with it`)
    return
  }
  const entries = ['train.tsv', 'dev.tsv'].flatMap((name) =>
    readFileSync(`${folder}${name}`, 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split('\t')),
  )
  let [words, shared] = [0, 0]
  for (const { group, products, answers } of readLexicon()) {
    const own = [
      ...new Set(entries.filter((cells) => cells[3] === group).map(([text = '']) => packed(text))),
    ].sort()
    const heads = [...new Set(own.map((text) => text.replace(VERBS, '')))].sort()
    for (const [list, index] of [
      [products, heads],
      [answers, own],
    ] as const) {
      const known = new Set(index)
      const written = list.map(packed)
      words += written.length
      shared += written.filter((word) => known.has(word)).length
      expect(
        copiedRun(written, index).length,
        `${group}: ${copiedRun(written, index).join(' ')}`,
      ).toBeLessThan(4)
    }
  }
  expect(shared / words).toBeLessThan(1 / 8)
})
