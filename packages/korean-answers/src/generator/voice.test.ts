import { createRandom } from '@kic/core'
import { expect, it } from 'vitest'
import { readLexicon } from '../read-lexicon.ts'
import { createVoices } from './voice.ts'

const lexicon = readLexicon()
const goodsOf = (group: string) => {
  const goods = createVoices(lexicon, createRandom('voices')).get(group)?.goods
  return Array.from({ length: 1500 }, () => goods?.() ?? { text: '', needsVerb: false })
}
const productsOf = (group: string): readonly string[] =>
  lexicon.find((entry) => entry.group === group)?.products ?? []

it('lets traders name what others make, and marks that a verb must follow', () => {
  const own = new Set(productsOf('463'))
  const foreign = goodsOf('463').filter((goods) => goods.needsVerb)
  expect(foreign.length / 1500).toBeCloseTo(0.4, 1)
  const made = new Set(
    ['011', '031', '032', '101', '102', '103', '104', '105', '106', '107', '111', '112', '120'].flatMap(
      productsOf,
    ),
  )
  expect(foreign.filter((goods) => !made.has(goods.text))).toEqual([])
  expect(goodsOf('463').filter((goods) => !goods.needsVerb && !own.has(goods.text))).toEqual([])
})

it('names parts and machines that no list has', () => {
  const texts = goodsOf('292').map((goods) => goods.text)
  const listed = new Set(productsOf('292'))
  expect(texts.filter((text) => text.endsWith('제조기계') && !listed.has(text)).length).toBeGreaterThan(10)
  expect(texts.filter((text) => text.endsWith('전용부품') && !listed.has(text)).length).toBeGreaterThan(5)
})

it('uses all products of a group before repeating any', () => {
  const own = goodsOf('011').map((goods) => goods.text)
  const size = productsOf('011').length
  expect(new Set(own.slice(0, size)).size).toBe(size)
})

it('knows section and division of every group', () => {
  const voices = createVoices(lexicon, createRandom(1))
  expect(voices.size).toBe(225)
  expect(voices.get('952')).toMatchObject({ section: 'S', division: '95' })
})
