import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { KOREAN_ROWS } from '../__fixtures__/korean-rows.ts'
import { addedToken, bertJson, rustTokenizer } from '../__fixtures__/rust-tokenizer.ts'
import { unicodeText } from '../__fixtures__/unicode-text.ts'
import { createTokenizer } from '../create-tokenizer.ts'

const ROBERTA = ['<s>', '<pad>', '</s>', '<unk>', '<mask>']
const added = ROBERTA.map((token, id) => addedToken(id, token))
const sections = { version: '1.0', truncation: null, padding: null, added_tokens: added }
const roberta = {
  type: 'RobertaProcessing',
  sep: ['</s>', 2],
  cls: ['<s>', 0],
  trim_offsets: true,
  add_prefix_space: false,
}

const byteLevel = { add_prefix_space: false, trim_offsets: true, use_regex: true }
const bytes = [
  ...'!"#$%&\'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~',
]
  .concat(Array.from({ length: 0x144 - 0xa1 }, (_, i) => String.fromCharCode(0xa1 + i)))
  .filter((character) => character !== '\xad')
const merges = [
  ['ì', 'ŀ'],
  ['ê', '°'],
  ['Ġ', 'ì'],
  ['a', 'b'],
]
const bpe = {
  ...sections,
  normalizer: null,
  pre_tokenizer: { type: 'ByteLevel', ...byteLevel },
  post_processor: roberta,
  decoder: { type: 'ByteLevel', ...byteLevel },
  model: {
    type: 'BPE',
    dropout: null,
    unk_token: null,
    continuing_subword_prefix: '',
    end_of_word_suffix: '',
    fuse_unk: false,
    vocab: Object.fromEntries(
      [...ROBERTA, ...bytes, ...merges.map((pair) => pair.join(''))].map((t, i) => [t, i]),
    ),
    merges,
  },
}

const syllables = [...new Set([...KOREAN_ROWS.join('')])].filter((character) => character.trim() !== '')
const unigram = {
  ...sections,
  normalizer: { type: 'NFC' },
  pre_tokenizer: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: true },
  post_processor: {
    ...bertJson([]).post_processor,
    special_tokens: {
      '[CLS]': { id: '[CLS]', ids: [0], tokens: ['<s>'] },
      '[SEP]': { id: '[SEP]', ids: [2], tokens: ['</s>'] },
    },
  },
  decoder: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: true },
  model: {
    type: 'Unigram',
    unk_id: 3,
    byte_fallback: false,
    vocab: [
      ...ROBERTA.map((token) => [token, 0]),
      ['▁', -3],
      ['자동차', -4.5],
      ['제조', -3.25],
      ...syllables.map((token, i) => [token, -6 - i / 128]),
    ],
  },
}

describe('models other than BERT’s equal the official tokenizer', () => {
  it.each([
    ['byte-level BPE', bpe],
    ['Unigram', unigram],
  ])('%s', async (_, json) => {
    const ours = createTokenizer({ tokenizerJson: json })
    const rust = rustTokenizer(json)
    const texts = KOREAN_ROWS.filter((row) => row.trim() === row && !row.includes('  '))
    for (const [i, text] of texts.entries()) {
      const pair = texts[(i * 5 + 1) % texts.length] ?? ''
      expect([...ours.encode(text)], text).toEqual((await rust.encode(text)).getIds())
      expect([...ours.encode(text, pair)], text).toEqual((await rust.encode(text, pair)).getIds())
    }
    expect(ours.specialTokens.pad).toEqual({ token: '<pad>', id: 1 })
    expect(ours.decode(ours.encode('자동차 제조'), { skipSpecialTokens: true })).toBe('자동차 제조')
    expect(ours.decode([])).toBe('')
  })

  it('encodes any text as bytes', () => {
    const ours = createTokenizer({
      tokenizerJson: bpe,
      tokenizerConfig: { clean_up_tokenization_spaces: false },
    })
    fc.assert(
      fc.property(unicodeText(10), (text) => {
        expect(ours.decode(ours.encode(text), { skipSpecialTokens: true })).toBe(text)
      }),
    )
    expect(ours.encode('\ud800')).toEqual(ours.encode('\ufffd'))
  })

  it('refuses a text that needs an unknown token the vocabulary lacks', () => {
    const vocab = Object.fromEntries([...ROBERTA, 'a'].map((token, id) => [token, id]))
    const model = { ...bpe.model, vocab, merges: [], unk_token: '<none>' }
    const ours = createTokenizer({ tokenizerJson: { ...bpe, model } })
    expect(() => ours.encode('ab')).toThrowError(
      expect.objectContaining({ code: 'tokenizer/missing-special-token' }),
    )
  })
})
