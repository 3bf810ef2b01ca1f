import { describe, expect, it } from 'vitest'
import { KOREAN_ROWS } from './__fixtures__/korean-rows.ts'
import { createTokenizer } from './create-tokenizer.ts'
import { trainWordPiece } from './train-word-piece.ts'

const config = { tokenizerConfig: { do_lower_case: false } }

describe('trainWordPiece', () => {
  it('puts klue’s special tokens first and never exceeds vocabSize', async () => {
    for (const vocabSize of [40, 200, 500]) {
      const vocabulary = await trainWordPiece(KOREAN_ROWS, { vocabSize, minFrequency: 1 })
      expect(vocabulary.slice(0, 5)).toEqual(['[CLS]', '[PAD]', '[SEP]', '[UNK]', '[MASK]'])
      expect(vocabulary.length).toBeLessThanOrEqual(vocabSize)
      expect(new Set(vocabulary).size).toBe(vocabulary.length)
    }
  })

  it('covers its corpus without unknown tokens, with pieces longer than characters', async () => {
    const tokenizer = createTokenizer({
      vocabulary: await trainWordPiece(KOREAN_ROWS, { vocabSize: 900, minFrequency: 1 }),
      ...config,
    })
    const ids = KOREAN_ROWS.flatMap((row) => [...tokenizer.encode(row)])
    expect(ids).not.toContain(tokenizer.specialTokens.unk.id)
    const characters = KOREAN_ROWS.join('').replaceAll(/\s|\[\w+\]/g, '').length
    expect(ids.length - 2 * KOREAN_ROWS.length).toBeLessThan(0.8 * characters)
  })

  it('covers characters at positions where they never occurred', async () => {
    const vocabulary = await trainWordPiece(['나무 무기'], { vocabSize: 100 })
    const tokenizer = createTokenizer({ vocabulary, ...config })
    expect(tokenizer.encode('기무나')).not.toContain(tokenizer.specialTokens.unk.id)
  })

  it('does not depend on the order or the source of texts', async () => {
    const options = { vocabSize: 400, minFrequency: 2 }
    const sync = await trainWordPiece([...KOREAN_ROWS, ...KOREAN_ROWS], options)
    const backwards = async function* () {
      for (const row of [...KOREAN_ROWS, ...KOREAN_ROWS].reverse()) yield row
    }
    expect(await trainWordPiece(backwards(), options)).toEqual(sync)
  })

  it('stops at characters if requested, one token per syllable', async () => {
    const vocabulary = await trainWordPiece(KOREAN_ROWS, { vocabSize: 2000, charactersOnly: true })
    const tokenizer = createTokenizer({ vocabulary, ...config })
    expect(tokenizer.encode('타이어오일교환')).toHaveLength(2 + 7)
    expect(vocabulary.slice(5).every((token) => [...token.replace(/^##(?=.)/, '')].length === 1)).toBe(true)
  })

  it('keeps the most frequent characters, and the lower code point among equals', async () => {
    const vocabulary = await trainWordPiece(['다나', '다가', '나다', '라'], {
      vocabSize: 100,
      limitAlphabet: 3,
      charactersOnly: true,
    })
    expect(vocabulary.slice(5)).toEqual(['가', '나', '다', '##가', '##나', '##다'])
  })

  it('merges nothing across an omitted character', async () => {
    const corpus = ['가나다', '가나다', '가나다', '다가', '다가', '가']
    const vocabulary = await trainWordPiece(corpus, { vocabSize: 100, limitAlphabet: 2, minFrequency: 1 })
    expect(vocabulary.slice(5)).toEqual(['가', '다', '##가', '##다', '다가'])
  })

  it('lowers texts if requested, and keeps syllables whole', async () => {
    const vocabulary = await trainWordPiece(['PC방', 'pc방'], { vocabSize: 100, lowercase: true })
    const lowered = { do_lower_case: true, strip_accents: false }
    const tokenizer = createTokenizer({ vocabulary, tokenizerConfig: lowered })
    expect([...tokenizer.encode('Pc방')].map((id) => tokenizer.idToToken(id))).toEqual([
      '[CLS]',
      'pc방',
      '[SEP]',
    ])
  })

  it.each([
    [{ vocabSize: 6 }],
    [{ vocabSize: 100.5 }],
    [{ vocabSize: 100, minFrequency: 0 }],
    [{ vocabSize: 100, limitAlphabet: -1 }],
    [{ vocabSize: 100, specialTokens: ['a', 'a'] }],
  ])('refuses %j', async (options) => {
    await expect(trainWordPiece(['가'], options)).rejects.toMatchObject({
      code: 'tokenizer/bad-training-option',
    })
  })

  it('refuses a corpus without words', async () => {
    await expect(trainWordPiece(['', ' \n'], { vocabSize: 100 })).rejects.toMatchObject({
      code: 'tokenizer/empty-corpus',
    })
  })
})
