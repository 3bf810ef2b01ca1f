import { expect, it } from 'vitest'
import { KOREAN_ROWS } from './__fixtures__/korean-rows.ts'
import { createTokenizer } from './create-tokenizer.ts'
import { encodeUnpadded } from './encode-unpadded.ts'

const characters = [...new Set([...KOREAN_ROWS.join('')])].filter((character) => character.trim() !== '')
const tokenizer = createTokenizer({
  vocabulary: ['[CLS]', '[PAD]', '[SEP]', '[UNK]', '[MASK]', ...characters.flatMap((c) => [c, `##${c}`])],
  tokenizerConfig: { do_lower_case: false },
})

it('gives each text what it has alone, over more than one chunk', () => {
  const texts = Array.from({ length: 5000 }, (_, i) => KOREAN_ROWS[i % KOREAN_ROWS.length] ?? '')
  const { inputIds, tokenTypeIds } = encodeUnpadded(tokenizer, texts, { maxLength: 200, typeVocabSize: 1 })
  expect(inputIds.map((row) => [...row])).toEqual(texts.map((text) => [...tokenizer.encode(text)]))
  expect(tokenTypeIds).toBeUndefined()
})

it('truncates, and tells the halves of a pair apart', () => {
  const [first = '', second = ''] = KOREAN_ROWS
  const { inputIds, tokenTypeIds } = encodeUnpadded(tokenizer, [[first, second]], { maxLength: 200 })
  expect([...(inputIds[0] ?? [])]).toEqual([...tokenizer.encode(first, second)])
  const types = [...(tokenTypeIds?.[0] ?? [])]
  expect(types).toHaveLength(inputIds[0]?.length ?? 0)
  expect(types.indexOf(1)).toBe(tokenizer.encode(first).length)
  expect(encodeUnpadded(tokenizer, [first], { maxLength: 5 }).inputIds[0]).toHaveLength(5)
  expect(encodeUnpadded(tokenizer, [], { maxLength: 5 })).toEqual({ inputIds: [], tokenTypeIds: [] })
})
