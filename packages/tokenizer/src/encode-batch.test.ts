import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { KOREAN_ROWS } from './__fixtures__/korean-rows.ts'
import { bertJson, rustTokenizer } from './__fixtures__/rust-tokenizer.ts'
import { unicodeText } from './__fixtures__/unicode-text.ts'
import { createTokenizer } from './create-tokenizer.ts'

const pieces = [...new Set([...KOREAN_ROWS.join('')])]
  .filter((character) => character.trim() !== '')
  .flatMap((character) => [character, `##${character}`])
const json = bertJson(pieces)
const tokenizer = createTokenizer({ tokenizerJson: json })

const row = fc.oneof(fc.constantFrom(...KOREAN_ROWS), unicodeText(30))

/** The batch as rows of numbers. */
const rowsOf = (values: Int32Array, [rows, width]: readonly [number, number]): number[][] =>
  Array.from({ length: rows }, (_, i) => [...values.subarray(i * width, (i + 1) * width)])

describe('encodeBatch equals the official tokenizer', () => {
  const compare = async (texts: string[] | [string, string][], maxLength: number) => {
    // Encoded apart, truncated afterwards: from 0.23 on, `encode` itself stops reading a text at maxLength tokens.
    const [whole, rust] = [rustTokenizer(json), rustTokenizer(json)]
    rust.setTruncation(maxLength)
    const raw = (text: string) => whole.encode(text, null, { addSpecialTokens: false })
    const expected = await Promise.all(
      texts.map(async (row) =>
        typeof row === 'string'
          ? rust.postProcess(await raw(row))
          : rust.postProcess(await raw(row[0]), await raw(row[1])),
      ),
    )
    const width = 8 * Math.ceil(Math.max(...expected.map((e) => e.getLength())) / 8)
    for (const encoding of expected) encoding.pad(width, { padId: 1, padToken: '[PAD]' })
    const ours = tokenizer.encodeBatch(texts, { maxLength, wordIds: true })
    // Rust pads past maxLength to the next multiple; here a row never exceeds it.
    const cut = <T>(values: readonly T[]): T[] => values.slice(0, ours.shape[1])
    expect(ours.shape[1]).toBe(Math.min(maxLength, width))
    expect(rowsOf(ours.inputIds, ours.shape)).toEqual(expected.map((e) => cut(e.getIds())))
    expect(rowsOf(ours.attentionMask, ours.shape)).toEqual(expected.map((e) => cut(e.getAttentionMask())))
    expect(rowsOf(ours.tokenTypeIds, ours.shape)).toEqual(expected.map((e) => cut(e.getTypeIds())))
    expect(rowsOf(ours.wordIds ?? new Int32Array(), ours.shape)).toEqual(
      expected.map((e) => cut(e.getWordIds()).map((word) => word ?? -1)),
    )
    expect([...ours.lengths]).toEqual(expected.map((e) => e.getAttentionMask().reduce((a, b) => a + b, 0)))
  }

  it('single texts, truncated and padded', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 3, max: 40 }),
        compare,
      ),
      { numRuns: 200 },
    )
  })

  it('pairs, the longest truncated first', async () => {
    const pairs = fc.array(fc.tuple(row, row), { minLength: 1, maxLength: 5 })
    // With room for no token at all Rust does not truncate; encodeBatch refuses that.
    await fc.assert(fc.asyncProperty(pairs, fc.integer({ min: 4, max: 40 }), compare), { numRuns: 200 })
  })
})

describe('encode and decode equal the official tokenizer', () => {
  it('ids of texts and pairs', async () => {
    const rust = rustTokenizer(json)
    for (const [i, text] of KOREAN_ROWS.entries()) {
      const pair = KOREAN_ROWS[(i * 7 + 3) % KOREAN_ROWS.length] ?? ''
      expect([...tokenizer.encode(text)]).toEqual((await rust.encode(text)).getIds())
      expect([...tokenizer.encode(text, pair)]).toEqual((await rust.encode(text, pair)).getIds())
    }
  })

  it('decodes ids, joins punctuation and skips unknown ids', async () => {
    const rust = rustTokenizer(json)
    const ids = fc.array(fc.integer({ min: 0, max: tokenizer.vocabSize + 3 }), { maxLength: 30 })
    await fc.assert(
      fc.asyncProperty(ids, fc.boolean(), async (given, skipSpecialTokens) => {
        expect(tokenizer.decode(given, { skipSpecialTokens })).toBe(
          await rust.decode(given, skipSpecialTokens),
        )
      }),
      { numRuns: 300 },
    )
    expect(tokenizer.decode(tokenizer.encode('타이어 , 오일 !'), { skipSpecialTokens: true })).toBe(
      '타이어, 오일!',
    )
  })

  it('names and ids of the vocabulary', () => {
    const rust = rustTokenizer(json)
    expect(tokenizer.vocabSize).toBe(rust.getVocabSize())
    expect(tokenizer.tokenToId('##차')).toBe(rust.tokenToId('##차'))
    expect(tokenizer.idToToken(9)).toBe(rust.idToToken(9))
    expect(tokenizer.tokenToId('toString')).toBeUndefined()
    expect([0, 1, 2, 3, 4, 5, -1].map(tokenizer.isSpecial)).toEqual([
      true,
      true,
      true,
      true,
      true,
      false,
      false,
    ])
  })
})

describe('the shape of a batch', () => {
  const texts = ['가', '카센터에서 자동차정비']
  const shape = (options: object) => tokenizer.encodeBatch(texts, { maxLength: 30, ...options }).shape

  it('is the next multiple of eight, or as asked', () => {
    expect(shape({})).toEqual([2, 16])
    expect(shape({ bucket: 5 })).toEqual([2, 15])
    expect(shape({ bucket: 1 })).toEqual([2, 12])
    expect(shape({ buckets: [4, 14, 20] })).toEqual([2, 14])
    expect(shape({ buckets: [4, 10] })).toEqual([2, 30])
    expect(shape({ padToMax: true })).toEqual([2, 30])
    expect(shape({ maxLength: 13 })).toEqual([2, 13])
    expect(shape({ maxLength: 10 })).toEqual([2, 10])
  })

  it('shows empty texts in lengths', () => {
    const batch = tokenizer.encodeBatch(['', '\u200b', '가'], { maxLength: 8 })
    expect([...batch.lengths]).toEqual([2, 2, 3])
    expect([...batch.inputIds.subarray(0, 8)]).toEqual([0, 2, 1, 1, 1, 1, 1, 1])
    expect(batch.wordIds).toBeUndefined()
  })

  it('has one token type where the model has one', () => {
    const pairs: [string, string][] = [['가', '나']]
    expect([...tokenizer.encodeBatch(pairs, { maxLength: 8 }).tokenTypeIds]).toEqual([0, 0, 0, 1, 1, 0, 0, 0])
    expect(
      tokenizer.encodeBatch(pairs, { maxLength: 8, typeVocabSize: 1 }).tokenTypeIds.every((t) => t === 0),
    ).toBe(true)
  })

  it.each([
    [{ maxLength: 2 }, 'tokenizer/bad-length'],
    [{ maxLength: 7.5 }, 'tokenizer/bad-length'],
    [{ maxLength: 8, bucket: 0 }, 'tokenizer/bad-length'],
    [{ maxLength: 8, buckets: [8, 4] }, 'tokenizer/bad-length'],
    [{ maxLength: 8, typeVocabSize: 0 }, 'tokenizer/bad-length'],
  ])('refuses %j', (options, code) => {
    expect(() => tokenizer.encodeBatch(texts, options)).toThrowError(expect.objectContaining({ code }))
  })

  it('needs room for a token beside the special ones', () => {
    expect(() => tokenizer.encodeBatch([['가', '나']], { maxLength: 3 })).toThrowError(
      /above the 3 special tokens/,
    )
  })

  it.each([
    [[], 'tokenizer/empty-batch'],
    [[1], 'tokenizer/not-a-string'],
    [['a', null], 'tokenizer/not-a-string'],
    [['a', ['b', 'c']], 'tokenizer/not-a-string'],
    [[['a', 'b'], 'c'], 'tokenizer/not-a-string'],
    [[['a', 1]], 'tokenizer/not-a-string'],
    [[['a', 'b', 'c']], 'tokenizer/not-a-string'],
    ['text', 'tokenizer/empty-batch'],
  ])('refuses the texts %j', (given: unknown, code) => {
    expect(() => tokenizer.encodeBatch(given as string[], { maxLength: 8 })).toThrowError(
      expect.objectContaining({ code }),
    )
    expect(() => tokenizer.encode(5 as unknown as string)).toThrowError(/must be a string, received number/)
  })
})
