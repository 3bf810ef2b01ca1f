import { describe, expect, it } from 'vitest'
import { addedToken } from '../__fixtures__/rust-tokenizer.ts'
import { createTokenizer } from '../create-tokenizer.ts'

const NAMES = ['<s>', '<pad>', '</s>', '<unk>', '<mask>']
const json = (sections: object) => ({
  added_tokens: NAMES.map((name, id) => addedToken(id, name)),
  model: {
    type: 'WordLevel',
    unk_token: '<unk>',
    vocab: Object.fromEntries([...NAMES, 'a'].map((name, id) => [name, id])),
  },
  ...sections,
})
const split = (regex: string, behavior = 'Isolated') => ({
  type: 'Split',
  pattern: { Regex: regex },
  behavior,
  invert: false,
})

describe('a hostile tokenizer.json', () => {
  it.each(['(a+)+b', '(a|aa)+b', '(a*b?a*)b', '(?:a?){50}b', '(?:a{1,30}){1,30}b', '(?:a|a|a|a|a)+b'])(
    'with the pattern %s does not take exponential time, or is refused',
    (regex) => {
      const tokenizerJson = json({ pre_tokenizer: split(regex) })
      const start = performance.now()
      try {
        expect(createTokenizer({ tokenizerJson }).encode('a'.repeat(300)).length).toBeGreaterThan(0)
      } catch (error) {
        expect(error).toMatchObject({ code: 'tokenizer/unsupported-component' })
      }
      // An exponential matcher would take longer than the universe is old.
      expect(performance.now() - start).toBeLessThan(10_000)
    },
  )

  it.each([
    '',
    'a*',
    '(?!a)',
    '(?<=a)b',
    '(?<name>a)',
    '(?>a)b',
    'a++',
    'a{2}?',
    'a{1001}',
    '(a)\\1',
    '^a',
    'a$',
    '\\ba',
    '\\R',
    '\\X',
    '[[a]b]',
    '[a&&b]',
    '[[:alpha:]]',
    '[a',
    '(a',
    'a)',
    '[]a]',
    '[z-a]',
    '\\p{Hangul}',
    '\\p{Nonsense',
    '(?i:ss)',
    '(?i:é)',
    '(?i)a',
    '(?x: a)',
    '(?!ab)c',
    'a{3,1}',
    'a\\',
    '\\x41',
    '\\u12',
    `(?:${'a{100}'.repeat(11)})`,
  ])('with the pattern %j, which is beyond what this package runs, is refused by name', (regex) => {
    const make = () => createTokenizer({ tokenizerJson: json({ pre_tokenizer: split(regex) }) })
    expect(make).toThrowError(expect.objectContaining({ code: 'tokenizer/unsupported-component' }))
    expect(make).toThrowError('pre_tokenizer')
  })

  it.each([
    ['normalizer', 'normalizers'],
    ['pre_tokenizer', 'pretokenizers'],
    ['post_processor', 'processors'],
    ['decoder', 'decoders'],
    ['normalizer', 'type'],
    ['pre_tokenizer', 'unheard'],
  ])('whose %s nests deeply in %s is refused', (section, key) => {
    const deep = `{"type":"Sequence","${key}":[`.repeat(100_000) + ']}'.repeat(100_000)
    expect(() => createTokenizer({ tokenizerJson: json({ [section]: JSON.parse(deep) }) })).toThrowError(
      expect.objectContaining({
        code: expect.stringMatching(/^tokenizer\/(unsupported-component|bad-json)$/),
      }),
    )
  })

  it.each([
    [
      'replacements',
      {
        normalizer: {
          type: 'Sequence',
          normalizers: Array(8).fill({
            type: 'Replace',
            pattern: { String: 'a' },
            content: 'a'.repeat(4000),
          }),
        },
      },
    ],
    [
      'bytes of bytes',
      { normalizer: { type: 'Sequence', normalizers: Array(60).fill({ type: 'ByteLevel' }) } },
    ],
    [
      'bytes of bytes of words',
      {
        pre_tokenizer: {
          type: 'Sequence',
          pretokenizers: Array(60).fill({ type: 'ByteLevel', add_prefix_space: true, use_regex: false }),
        },
      },
    ],
  ])('that multiplies a text by %s is stopped', (_, sections) => {
    const tokenizer = createTokenizer({ tokenizerJson: json(sections) })
    expect(() => tokenizer.encode('aé')).toThrowError(expect.objectContaining({ code: 'tokenizer/too-long' }))
  })

  it.each([
    ['normalizer', { type: 'Unheard' }],
    ['pre_tokenizer', { type: 'UnicodeScripts' }],
    ['decoder', { type: 'CTC', pad_token: '<pad>', word_delimiter_token: '|', cleanup: true }],
    ['post_processor', { type: 'Unheard' }],
    ['normalizer', { type: 'Sequence', normalizers: [{ type: 'NFC' }, { type: 'Unheard' }] }],
    ['pre_tokenizer', { type: 'Metaspace', replacement: '▁', add_prefix_space: false }],
  ])('whose %s is %j is refused by name', (section, part) => {
    const make = () => createTokenizer({ tokenizerJson: json({ [section]: part }) })
    expect(make).toThrowError(expect.objectContaining({ code: 'tokenizer/unsupported-component' }))
    expect(make).toThrowError(section)
  })
})
