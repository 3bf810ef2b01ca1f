import { Tokenizer as HuggingFaceTokenizer } from '@huggingface/tokenizers'
import { describe, expect, it } from 'vitest'
import { KOREAN_ROWS } from './__fixtures__/korean-rows.ts'
import { bertJson, rustTokenizer } from './__fixtures__/rust-tokenizer.ts'
import { fromTransformers, type TransformersTokenizer } from './from-transformers.ts'

const pieces = [...new Set([...KOREAN_ROWS.join('')])]
  .filter((character) => character.trim() !== '')
  .flatMap((character) => [character, `##${character}`])

/** The face of a tokenizer of `@xenova/transformers` 2.17 over the library its tokenizers moved into. */
const asTransformers = (json: object): TransformersTokenizer => {
  const inner = new HuggingFaceTokenizer(json, {})
  const call = (text: string, options: { text_pair?: string | undefined; add_special_tokens: boolean }) => {
    const { text_pair = null, add_special_tokens } = options
    const result = inner.encode(text, { text_pair, add_special_tokens, return_token_type_ids: true })
    return {
      input_ids: result.ids,
      attention_mask: result.attention_mask,
      token_type_ids: result.token_type_ids,
    }
  }
  return Object.assign(call, {
    decode: (ids: number[], options: object) => inner.decode(ids, options),
    getToken: (key: string) => (key === 'cls_token' ? '[CLS]' : null),
    all_special_ids: [0, 1, 2, 3, 4],
    model: { tokens_to_ids: inner.get_vocab() },
  })
}

describe('fromTransformers', () => {
  it.each([
    ['BERT', 2, bertJson(pieces)],
    [
      'RoBERTa',
      // @huggingface/tokenizers gives the second text type 1, where the official library gives 0.
      1,
      {
        ...bertJson(pieces),
        post_processor: {
          type: 'RobertaProcessing',
          sep: ['[SEP]', 2],
          cls: ['[CLS]', 0],
          trim_offsets: true,
          add_prefix_space: false,
        },
      },
    ],
  ])('finds the special tokens of %s and gives the official ids', async (_, typeVocabSize, json) => {
    const rust = rustTokenizer(json)
    const tokenizer = fromTransformers(asTransformers(json))
    for (const row of KOREAN_ROWS) {
      for (const pair of [undefined, '제조 판매', '']) {
        const expected = await rust.encode(row, pair ?? null)
        expect([...tokenizer.encode(row, pair)]).toEqual(expected.getIds())
        if (pair === undefined) continue
        const batch = tokenizer.encodeBatch([[row, pair]], { maxLength: 64, bucket: 1, typeVocabSize })
        expect([...batch.tokenTypeIds]).toEqual(expected.getTypeIds())
      }
    }
    expect(tokenizer.specialTokens).toMatchObject({ cls: { id: 0 }, pad: { id: 1 }, mask: { id: 4 } })
    expect(tokenizer.decode(tokenizer.encode('타이어 제조'), { skipSpecialTokens: true })).toBe('타이어 제조')
    expect(tokenizer.vocabSize).toBe(rust.getVocabSize())
    expect(tokenizer.files).toBeNull()
    expect(() => tokenizer.encodeBatch(['a'], { maxLength: 8, wordIds: true })).toThrowError(
      expect.objectContaining({ code: 'tokenizer/no-word-ids' }),
    )
  })

  it('refuses padding on the left', () => {
    const left = Object.assign(asTransformers(bertJson(pieces)), { padding_side: 'left' })
    expect(() => fromTransformers(left)).toThrowError(/padding_side must be right/)
  })

  it('refuses a tokenizer that gives tensors', () => {
    const inner = asTransformers(bertJson([]))
    const tensors = Object.assign(() => ({ input_ids: { data: new BigInt64Array(1) } }), inner)
    expect(() => fromTransformers(tensors)).toThrowError(
      expect.objectContaining({ code: 'tokenizer/unsupported-component' }),
    )
  })
})
