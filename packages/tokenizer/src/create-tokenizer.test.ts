import { isKicError } from '@kic/core'
import fc from 'fast-check'
import {
  bertNormalizer,
  bertPreTokenizer,
  bertProcessing,
  Tokenizer,
  WordPiece,
  wordPieceDecoder,
} from 'tokenizers'
import { describe, expect, it } from 'vitest'
import { KOREAN_ROWS } from './__fixtures__/korean-rows.ts'
import { addedToken, bertJson, rustTokenizer, SPECIAL } from './__fixtures__/rust-tokenizer.ts'
import { createTokenizer } from './create-tokenizer.ts'

const pieces = [...new Set([...KOREAN_ROWS.join('')])]
  .filter((character) => character.trim() !== '')
  .flatMap((character) => [character, `##${character}`])

const codeOf = (make: () => unknown): string => {
  try {
    make()
  } catch (error) {
    if (isKicError(error)) return error.code
    throw error
  }
  return 'nothing thrown'
}

describe('a BERT vocabulary', () => {
  const vocabulary = [...SPECIAL, ...pieces]
  const rust = (options: object): Tokenizer => {
    const tokenizer = new Tokenizer(
      WordPiece.init(Object.fromEntries(vocabulary.map((token, id) => [token, id])), { unkToken: '[UNK]' }),
    )
    tokenizer.setNormalizer(bertNormalizer(options))
    tokenizer.setPreTokenizer(bertPreTokenizer())
    tokenizer.setPostProcessor(bertProcessing(['[SEP]', 2], ['[CLS]', 0]))
    tokenizer.setDecoder(wordPieceDecoder())
    tokenizer.addSpecialTokens(SPECIAL)
    return tokenizer
  }

  it.each([
    [{ do_lower_case: false }, { lowercase: false, stripAccents: false }],
    [{}, { lowercase: true, stripAccents: true }],
    [
      { do_lower_case: true, strip_accents: false },
      { lowercase: true, stripAccents: false },
    ],
    [
      { do_lower_case: false, tokenize_chinese_chars: false },
      { lowercase: false, stripAccents: false, handleChineseChars: false },
    ],
  ])(
    'with %j becomes the tokenizer the official library builds by hand',
    async (tokenizerConfig, options) => {
      const ours = createTokenizer({ vocabulary, tokenizerConfig })
      const theirs = rust(options)
      for (const row of KOREAN_ROWS) {
        expect([...ours.encode(row, 'ＡBC 가')]).toEqual((await theirs.encode(row, 'ＡBC 가')).getIds())
        expect([...ours.encode(row)]).toEqual((await theirs.encode(row)).getIds())
      }
    },
  )

  it('has the special tokens of klue', () => {
    const { specialTokens } = createTokenizer({ vocabulary, tokenizerConfig: { do_lower_case: false } })
    expect(Object.entries(specialTokens).map(([role, { id, token }]) => `${role} ${token} ${id}`)).toEqual([
      'cls [CLS] 0',
      'sep [SEP] 2',
      'pad [PAD] 1',
      'unk [UNK] 3',
      'mask [MASK] 4',
    ])
  })

  it('may name its special tokens otherwise, the map before the configuration', () => {
    const tokens = createTokenizer({
      vocabulary: ['<c>', '<p>', '<s>', '[UNK]', '[MASK]', '[CLS]', 'a'],
      tokenizerConfig: { cls_token: '[CLS]', pad_token: { content: '<p>', lstrip: false }, sep_token: '<s>' },
      specialTokensMap: { cls_token: { content: '<c>' } },
    })
    expect([...tokens.encode('a<p>')]).toEqual([0, 6, 1, 2])
  })

  it('keeps the flags of special tokens that are given as objects', () => {
    const mask_token = { content: '[MASK]', single_word: true, normalized: false }
    for (const files of [
      { tokenizerConfig: { do_lower_case: false, mask_token } },
      { tokenizerConfig: { do_lower_case: false, mask_token: '[MASK]' }, specialTokensMap: { mask_token } },
    ]) {
      const tokens = createTokenizer({ vocabulary, ...files })
      expect([...tokens.encode('[MASK] 가[MASK]')].filter((id) => id === 4)).toHaveLength(1)
    }
    const plain = createTokenizer({ vocabulary, tokenizerConfig: { do_lower_case: false } })
    expect([...plain.encode('[MASK] 가[MASK]')].filter((id) => id === 4)).toHaveLength(2)
  })

  it('takes further tokens from the configuration', () => {
    const tokens = createTokenizer({
      vocabulary,
      tokenizerConfig: {
        do_lower_case: false,
        added_tokens_decoder: { [vocabulary.length]: { content: '<br>', special: true } },
      },
    })
    expect([...tokens.encode('<br>')]).toEqual([0, vocabulary.length, 2])
    expect(tokens.vocabSize).toBe(vocabulary.length + 1)
  })

  it.each([
    ['a repeated line', [...SPECIAL, 'a', 'b', 'a'], {}, 'tokenizer/bad-vocabulary'],
    ['an empty line', [...SPECIAL, '', 'b'], {}, 'tokenizer/bad-vocabulary'],
    ['no [UNK]', SPECIAL.filter((token) => token !== '[UNK]'), {}, 'tokenizer/missing-special-token'],
    ['no [PAD]', SPECIAL.filter((token) => token !== '[PAD]'), {}, 'tokenizer/missing-special-token'],
    ['a name it lacks', SPECIAL, { mask_token: '<mask>' }, 'tokenizer/missing-special-token'],
    ['another class', SPECIAL, { tokenizer_class: 'T5Tokenizer' }, 'tokenizer/unsupported-model'],
    ['a switch that is none', SPECIAL, { do_lower_case: 'no' }, 'tokenizer/bad-json'],
    ['nothing', [], {}, 'tokenizer/missing-special-token'],
  ])('is refused with %s', (_, lines, tokenizerConfig, code) => {
    expect(codeOf(() => createTokenizer({ vocabulary: lines, tokenizerConfig }))).toBe(code)
  })

  it('names the lines that repeat', () => {
    expect(() => createTokenizer({ vocabulary: [...SPECIAL, 'a', 'a'], tokenizerConfig: {} })).toThrowError(
      /line 7 repeats "a" of line 6/,
    )
  })
})

describe('a tokenizer.json', () => {
  const json = bertJson(pieces)
  const withModel = (change: object) => ({ ...json, model: { ...json.model, ...change } })

  it('of before 0.10, which does not name its model, is WordPiece', () => {
    const { type: _, ...model } = json.model
    const tokenizer = createTokenizer({ tokenizerJson: { ...json, model } })
    expect(tokenizer.encode('가')).toHaveLength(3)
  })

  it('with RobertaProcessing, or no post-processor, gives what the official library gives', async () => {
    for (const post_processor of [
      {
        type: 'RobertaProcessing',
        sep: ['[SEP]', 2],
        cls: ['[CLS]', 0],
        trim_offsets: true,
        add_prefix_space: false,
      },
      { type: 'BertProcessing', sep: ['[SEP]', 2], cls: ['[CLS]', 0] },
      null,
    ]) {
      const changed = { ...json, post_processor }
      const ours = createTokenizer({ tokenizerJson: changed }).encodeBatch([['가 나', '다']], {
        maxLength: 16,
        bucket: 1,
      })
      const theirs = await rustTokenizer(changed).encode('가 나', '다')
      expect([...ours.inputIds]).toEqual(theirs.getIds())
      expect([...ours.tokenTypeIds]).toEqual(theirs.getTypeIds())
    }
  })

  it.each([
    ['another model', withModel({ type: 'CharLevel' }), 'tokenizer/unsupported-model'],
    ['another version', { ...json, version: '2.0' }, 'tokenizer/unsupported-component'],
    ['no model', {}, 'tokenizer/bad-json'],
    ['no vocabulary', withModel({ vocab: {} }), 'tokenizer/bad-vocabulary'],
    ['ids that are none', withModel({ vocab: { ...json.model.vocab, x: -1 } }), 'tokenizer/bad-json'],
    ['ids out of bounds', withModel({ vocab: { ...json.model.vocab, x: 2 ** 31 } }), 'tokenizer/bad-json'],
    ['one id twice', withModel({ vocab: { ...json.model.vocab, x: 7 } }), 'tokenizer/bad-vocabulary'],
    [
      'half a character',
      withModel({ vocab: { ...json.model.vocab, '\ud800': 90_000 } }),
      'tokenizer/bad-json',
    ],
    ['an unknown token of no id', withModel({ unk_token: '<u>' }), 'tokenizer/missing-special-token'],
    ['words of any length', withModel({ max_input_chars_per_word: 1e12 }), 'tokenizer/bad-json'],
    [
      'an added token of two ids',
      { ...json, added_tokens: [addedToken(9, '[CLS]')] },
      'tokenizer/bad-vocabulary',
    ],
    [
      'an added token in another’s place',
      { ...json, added_tokens: [addedToken(9, 'new')] },
      'tokenizer/bad-vocabulary',
    ],
    [
      'an unknown post-processor',
      { ...json, post_processor: { type: 'X' } },
      'tokenizer/unsupported-component',
    ],
    [
      'a post-processor with an id of no token',
      { ...json, post_processor: { type: 'BertProcessing', sep: ['[SEP]', 90_000], cls: ['[CLS]', 0] } },
      'tokenizer/bad-vocabulary',
    ],
    [
      'a template without text',
      { ...json, post_processor: { ...json.post_processor, single: [] } },
      'tokenizer/bad-json',
    ],
    [
      'an unknown pre-tokenizer',
      { ...json, pre_tokenizer: { type: 'X' } },
      'tokenizer/unsupported-component',
    ],
    ['an array', [], 'tokenizer/bad-json'],
  ])('is refused with %s', (_, tokenizerJson, code) => {
    expect(codeOf(() => createTokenizer({ tokenizerJson }))).toBe(code)
  })

  it('is refused where tokenizer_config.json contradicts it', () => {
    expect(
      codeOf(() => createTokenizer({ tokenizerJson: json, tokenizerConfig: { do_lower_case: true } })),
    ).toBe('tokenizer/contradictory-config')
  })

  it('is refused where tokenizer_config.json adds a token that it lacks, or gives one another id', () => {
    const decoder = (id: number, content: string) => ({
      added_tokens_decoder: { [id]: { content, special: true } },
    })
    const make = (tokenizerConfig: object) =>
      codeOf(() => createTokenizer({ tokenizerJson: json, tokenizerConfig }))
    expect(make(decoder(4, '[MASK]'))).toBe('nothing thrown')
    expect(make(decoder(4, '[NEW]'))).toBe('tokenizer/contradictory-config')
    expect(make(decoder(9, '[MASK]'))).toBe('tokenizer/contradictory-config')
    expect(make({ added_tokens_decoder: { x: { content: '[MASK]' } } })).toBe('tokenizer/bad-json')
  })

  it('may hold tokens named as members of Object.prototype', async () => {
    const tricky = JSON.stringify(bertJson(['constructor', '__PROTO__', 'x'], { clean_text: true })).replace(
      '"__PROTO__"',
      '"__proto__"',
    )
    const ours = createTokenizer({ tokenizerJson: JSON.parse(tricky) })
    expect([...ours.encode('constructor x')]).toEqual(
      (await rustTokenizer(JSON.parse(tricky)).encode('constructor x')).getIds(),
    )
    expect(ours.tokenToId('__proto__')).toBe(6)
    expect(ours.tokenToId('toString')).toBeUndefined()
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
  })

  it('never fails but by a KicError, whatever is put in whatever place', () => {
    const sections = [
      'model',
      'normalizer',
      'pre_tokenizer',
      'post_processor',
      'decoder',
      'added_tokens',
      'truncation',
      'padding',
    ] as const
    const members =
      'type vocab unk_token merges single pair special_tokens processors cls sep prefix cleanup pattern content ' +
      'lowercase strip_accents normalizers pretokenizers decoders max_input_chars_per_word __proto__ ' +
      'Regex String behavior invert replacement prepend_scheme split delimiter length content start stop suffix ' +
      'dropout byte_fallback fuse_unk unk_id truncation_side padding_side strategy direction max_length ' +
      'do_lower_case tokenizer_class cls_token added_tokens_decoder additional_special_tokens'
    const names =
      'BPE Unigram WordPiece Sequence Replace Split Precompiled Metaspace ByteLevel TemplateProcessing ' +
      'BertProcessing RobertaProcessing BertNormalizer Strip CTC Fuse [CLS] constructor WordLevel Nmt Digits Punctuation ' +
      'FixedLength Prepend ByteFallback BPEDecoder Removed (a+)+$ [^ (?i:ss) \\p{L}+'
    const value = fc.oneof(
      fc.constantFrom(...names.split(' ')),
      fc.jsonValue({ maxDepth: 3 }),
      fc.dictionary(fc.constantFrom(...members.split(' ')), fc.jsonValue({ maxDepth: 2 })),
    )
    const changes = fc.dictionary(fc.constantFrom(...members.split(' ')), value, { maxKeys: 3 })
    fc.assert(
      fc.property(
        fc.constantFrom(...sections),
        fc.oneof(value, changes),
        changes,
        (section, change, config) => {
          const old = json[section]
          const isMerge = typeof change === 'object' && change !== null && !Array.isArray(old)
          const changed = { ...json, [section]: isMerge ? { ...old, ...change } : change }
          const sources = [{ tokenizerJson: changed }, { vocabulary: SPECIAL }]
          for (const source of sources) {
            const code = codeOf(() => {
              const tokenizer = createTokenizer({ ...source, tokenizerConfig: config })
              return tokenizer.decode(tokenizer.encode('[CLS]가나 a', '다'))
            })
            expect(code).toMatch(/^(tokenizer\/|nothing thrown)/)
          }
        },
      ),
      { numRuns: 400 },
    )
  })
})
