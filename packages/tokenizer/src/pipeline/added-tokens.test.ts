import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyTexts } from '../__fixtures__/any-text.ts'
import { addedToken, rustTokenizer } from '../__fixtures__/rust-tokenizer.ts'
import { createTokenizer } from '../create-tokenizer.ts'

const NAMES = ['<s>', '<pad>', '</s>', '<unk>', '<mask>']
const syllables = ['가', '나', '다', 'a', 'b', 'A', 'é', '▁', '.', '1', ' ', '\u1100', '\u1161']

const SECTIONS: Readonly<Record<string, object>> = {
  'without parts': {},
  'Whitespace, lowered': { normalizer: { type: 'Lowercase' }, pre_tokenizer: { type: 'Whitespace' } },
  'Metaspace on the first piece': {
    normalizer: { type: 'NFD' },
    pre_tokenizer: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'first', split: true },
  },
  'Metaspace after stripping and replacing': {
    normalizer: {
      type: 'Sequence',
      normalizers: [
        { type: 'Replace', pattern: { String: '가' }, content: '' },
        { type: 'Strip', strip_left: true, strip_right: false },
        { type: 'StripAccents' },
        { type: 'Replace', pattern: { String: 'b' }, content: '나나' },
      ],
    },
    pre_tokenizer: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'first', split: false },
  },
  'Metaspace after Nmt and BERT’s cleaning': {
    normalizer: {
      type: 'Sequence',
      normalizers: [
        { type: 'Nmt' },
        {
          type: 'BertNormalizer',
          clean_text: true,
          handle_chinese_chars: true,
          strip_accents: true,
          lowercase: true,
        },
      ],
    },
    pre_tokenizer: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'first', split: true },
  },
  'byte level with a space before each piece': {
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
  },
}

const content = fc
  .array(fc.constantFrom('가', '나', '가나', 'A', 'a', ' ', '<', 'é', '.', '1', '\u0301', '▁'), {
    minLength: 1,
    maxLength: 3,
  })
  .map((parts) => parts.join(''))
const flags = fc.record({
  single_word: fc.boolean(),
  lstrip: fc.boolean(),
  rstrip: fc.boolean(),
  normalized: fc.boolean(),
  special: fc.boolean(),
})
const tokens = fc.uniqueArray(fc.tuple(content, flags), { maxLength: 4, selector: ([text]) => text })
const text = fc
  .array(
    fc.constantFrom(
      '가',
      '나',
      'A',
      'a',
      ' ',
      '  ',
      '\t',
      '<',
      'é',
      '.',
      '1',
      '\u0301',
      '<s>',
      '<mask>',
      'b',
      '\u3000',
    ),
    {
      maxLength: 12,
    },
  )
  .map((parts) => parts.join(''))

describe('added tokens of every kind are found where the official library finds them', () => {
  it.each(Object.entries(SECTIONS))('%s', async (_, sections) => {
    const odd = anyTexts(200, 31)
    let compared = 0
    await fc.assert(
      fc.asyncProperty(tokens, fc.array(text, { minLength: 4, maxLength: 8 }), async (given, texts) => {
        const known = syllables.filter((name) => !given.some(([other]) => other === name))
        const json = {
          version: '1.0',
          truncation: null,
          padding: null,
          normalizer: null,
          pre_tokenizer: null,
          post_processor: null,
          decoder: null,
          model: {
            type: 'BPE',
            unk_token: '<unk>',
            fuse_unk: false,
            vocab: Object.fromEntries([...NAMES, ...known].map((name, id) => [name, id])),
            merges: [],
          },
          ...sections,
          added_tokens: [
            ...NAMES.map((name, id) => addedToken(id, name, { lstrip: id === 4, rstrip: id === 2 })),
            ...given.map(([name, options], i) => addedToken(NAMES.length + known.length + i, name, options)),
          ],
        }
        let ours: ReturnType<typeof createTokenizer>
        try {
          ours = createTokenizer({ tokenizerJson: json })
        } catch (error) {
          // Two tokens that are equal once normalised, or nothing.
          expect(error).toMatchObject({ code: 'tokenizer/bad-vocabulary' })
          return
        }
        compared++
        const rust = rustTokenizer(json)
        for (const row of [...texts, odd[compared % odd.length] ?? '']) {
          const encoding = await rust.encode(row)
          expect([...ours.encode(row)], JSON.stringify(row)).toEqual(encoding.getIds())
          const batch = ours.encodeBatch([row], { maxLength: 4096, bucket: 1, wordIds: true })
          expect([...(batch.wordIds ?? [])].slice(0, encoding.getLength())).toEqual(encoding.getWordIds())
        }
      }),
      { numRuns: 150 },
    )
    expect(compared).toBeGreaterThan(50)
  })
})
