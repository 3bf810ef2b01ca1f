import { createRandom } from '@kic/core'
import { createTokenizer } from '@kic/tokenizer'

const PLACES = ['카센터', '음식점', '빵집', '서점', '약국', '꽃집', '세탁소', '미용실']
const THINGS = ['타이어', '김치찌개', '식빵', '소설책', '감기약', '장미', '외투', '머리']
const DEEDS = ['교환', '조리', '굽기', '판매', '조제', '장식', '세탁', '손질']

/** Texts of three words. The first word determines the others. */
export const tinyTexts = (count: number, seed: number): string[] => {
  const random = createRandom('tiny-corpus', seed)
  return Array.from({ length: count }, () => {
    const i = random.int(PLACES.length)
    const place = `${PLACES[i]}${random.next() < 0.5 ? '에서' : ''}`
    return [place, THINGS[i], DEEDS[i]].slice(0, 2 + random.int(2)).join(' ')
  })
}

const characters = [...new Set([...PLACES, ...THINGS, ...DEEDS, '에서'].join(''))]

/** One token per character; tokens inside a word start with `##`. */
export const tinyTokenizer = createTokenizer({
  vocabulary: ['[CLS]', '[PAD]', '[SEP]', '[UNK]', '[MASK]', ...characters.flatMap((c) => [c, `##${c}`])],
  tokenizerConfig: { do_lower_case: false },
})
