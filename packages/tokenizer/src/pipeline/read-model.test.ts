import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addedToken, rustTokenizer } from '../__fixtures__/rust-tokenizer.ts'
import { createTokenizer } from '../create-tokenizer.ts'

const NAMES = ['<s>', '<pad>', '</s>', '<unk>', '<mask>']
const BYTES = Array.from({ length: 256 }, (_, i) => `<0x${i.toString(16).toUpperCase().padStart(2, '0')}>`)

const json = (model: object) => ({
  version: '1.0',
  truncation: null,
  padding: null,
  added_tokens: NAMES.map((name, id) => addedToken(id, name)),
  normalizer: null,
  pre_tokenizer: { type: 'WhitespaceSplit' },
  post_processor: null,
  decoder: null,
  model,
})

const letters = ['a', 'b', 'c', '가', '나', '𝒳']
const text = fc
  .array(fc.constantFrom(...letters, ...letters, ...letters, 'z', '다', '😀', '😁', ' '), { maxLength: 30 })
  .map((parts) => parts.join(''))
const dense = fc.string({ unit: fc.constantFrom('a', 'b', 'b', 'a', 'c'), maxLength: 24 })
const texts = fc.array(fc.oneof(text, dense), { minLength: 3, maxLength: 6 })

const expectEqual = async (model: object, given: readonly string[]): Promise<void> => {
  const [ours, rust] = [createTokenizer({ tokenizerJson: json(model) }), rustTokenizer(json(model))]
  for (const row of given) {
    expect([...ours.encode(row)], JSON.stringify(row)).toEqual((await rust.encode(row)).getIds())
  }
}

/** Random merges, each of two tokens that exist by then; several may make the same token. */
const mergesOf = (choices: readonly (readonly [number, number])[], prefix: string): [string, string][] => {
  const tokens = letters.flatMap((letter) => (prefix === '' ? [letter] : [letter, prefix + letter]))
  const merges: [string, string][] = []
  for (const [i, j] of choices) {
    const left = tokens[i % tokens.length] ?? ''
    const second = tokens.filter((token) => token.startsWith(prefix))
    const right = second[j % second.length] ?? ''
    if (merges.some(([a, b]) => a === left && b === right) || left.length + right.length > 8) continue
    merges.push([left, right])
    const merged = left + right.slice(prefix.length)
    if (!tokens.includes(merged)) tokens.push(merged)
  }
  return merges
}

describe('BPE gives the official ids', () => {
  // Some of many tokens, or most pairs of few: then pairs of the same place compete.
  const choices = fc.oneof(
    fc.array(fc.tuple(fc.nat(40), fc.nat(40)), { minLength: 4, maxLength: 40 }),
    fc.array(fc.tuple(fc.constantFrom(0, 1, 6, 7, 8, 9), fc.constantFrom(0, 1, 6, 7, 8, 9)), {
      minLength: 8,
      maxLength: 30,
    }),
  )
  const bpe = (
    merges: readonly (readonly [string, string])[],
    prefix: string,
    suffix: string,
    more: readonly string[],
  ): { vocab: Record<string, number>; merges: unknown } => {
    const singles = letters.flatMap((letter) =>
      [letter, prefix + letter].flatMap((token) => (suffix === '' ? [token] : [token, token + suffix])),
    )
    const merged = merges.map(([left, right]) => left + right.slice(prefix.length))
    const tokens = new Set([...NAMES, ...singles, ...merged, ...more])
    return { vocab: Object.fromEntries([...tokens].map((token, id) => [token, id])), merges }
  }

  it.each<[string, object, string, string, readonly string[]]>([
    ['with an unknown token', { unk_token: '<unk>' }, '', '', []],
    ['with unknown ones fused', { unk_token: '<unk>', fuse_unk: true }, '', '', []],
    ['without an unknown token', { unk_token: null }, '', '', []],
    [
      'with bytes for unknown characters',
      { unk_token: '<unk>', byte_fallback: true, fuse_unk: true },
      '',
      '',
      BYTES,
    ],
    [
      'with some of the bytes',
      { unk_token: '<unk>', byte_fallback: true },
      '',
      '',
      BYTES.filter((_, i) => i !== 0x81),
    ],
    [
      'with words that are tokens taken whole',
      { unk_token: '<unk>', ignore_merges: true },
      '',
      '',
      ['abc', '가나', 'aa'],
    ],
    [
      'with a prefix of what continues',
      { unk_token: '<unk>', continuing_subword_prefix: '##' },
      '##',
      '',
      [],
    ],
    ['with a suffix of words', { unk_token: '<unk>', end_of_word_suffix: '</w>' }, '', '</w>', []],
    ['with a dropout of none', { unk_token: '<unk>', dropout: 0 }, '', '', []],
  ])('%s', async (_, options, prefix, suffix, more) => {
    await fc.assert(
      fc.asyncProperty(choices, texts, fc.boolean(), async (given, rows, isLegacy) => {
        const parts = bpe(mergesOf(given, prefix), prefix, suffix, more)
        const merges = isLegacy
          ? ['#version: 0.2', ...mergesOf(given, prefix).map((pair) => pair.join(' '))]
          : parts.merges
        await expectEqual({ type: 'BPE', ...parts, ...options, merges }, rows)
      }),
      { numRuns: 80 },
    )
  })

  it.each<[string, object, string]>([
    ['dropout', { dropout: 0.1 }, 'unsupported-component'],
    ['a merge of tokens that do not exist', { merges: [['a', 'q']] }, 'bad-vocabulary'],
    ['a merge into a token that does not exist', { merges: [['a', 'b']] }, 'bad-vocabulary'],
    ['a merge of three', { merges: ['a b c'] }, 'bad-json'],
    ['no merges', { merges: undefined }, 'bad-json'],
  ])('and refuses %s', (_, change, code) => {
    const model = { type: 'BPE', ...bpe([], '', '', []), unk_token: '<unk>', ...change }
    expect(() => createTokenizer({ tokenizerJson: json(model) })).toThrowError(
      expect.objectContaining({ code: `tokenizer/${code}` }),
    )
  })
})

describe('Unigram gives the official ids', () => {
  const pieces = fc.uniqueArray(
    fc
      .array(fc.constantFrom(...letters, '😀'), { minLength: 1, maxLength: 4 })
      .map((parts) => parts.join('')),
    { minLength: 3, maxLength: 25 },
  )
  // Few different scores, so that paths tie.
  const scores = fc.infiniteStream(fc.constantFrom(-1, -2, -2.5, -3, -7.25, 0))
  it.each([
    ['with an unknown token', false, []],
    ['with bytes for unknown characters', true, BYTES],
    ['with some of the bytes', true, BYTES.slice(0, 0xf0)],
  ] as const)('%s', async (_, byteFallback, more) => {
    await fc.assert(
      fc.asyncProperty(pieces, scores, texts, async (given, stream, rows) => {
        const vocab = [
          ...NAMES.map((name) => [name, 0]),
          ...given.map((piece) => [piece, stream.next().value]),
          ...more.map((name) => [name, -20]),
        ]
        await expectEqual({ type: 'Unigram', unk_id: 3, vocab, byte_fallback: byteFallback }, rows)
      }),
      { numRuns: 150 },
    )
  })

  it.each<[string, object, string]>([
    ['a score that is none', { vocab: [['a', 'b']] }, 'bad-json'],
    ['an unknown token beyond the vocabulary', { unk_id: 6 }, 'bad-json'],
    [
      'a token twice',
      {
        vocab: [
          ['a', -1],
          ['a', -2],
        ],
      },
      'bad-vocabulary',
    ],
  ])('and refuses %s', (_, { vocab = [], ...change }: { vocab?: unknown[] | undefined }, code) => {
    const all = [...NAMES.map((name) => [name, 0]), ...vocab]
    const model = { type: 'Unigram', unk_id: 3, vocab: all, byte_fallback: false, ...change }
    expect(() => createTokenizer({ tokenizerJson: json(model) })).toThrowError(
      expect.objectContaining({ code: `tokenizer/${code}` }),
    )
  })

  it('reports the text that needs a missing unknown token', () => {
    const vocab = [...NAMES, 'a'].map((name) => [name, -1])
    const tokenizer = createTokenizer({ tokenizerJson: json({ type: 'Unigram', unk_id: null, vocab }) })
    expect([...tokenizer.encode('aa')]).toEqual([5, 5])
    expect(() => tokenizer.encode('ab')).toThrowError(
      expect.objectContaining({ code: 'tokenizer/missing-special-token' }),
    )
  })
})

describe('WordLevel and WordPiece give the official ids', () => {
  const words = fc.uniqueArray(
    fc.array(fc.constantFrom(...letters), { minLength: 1, maxLength: 3 }).map((parts) => parts.join('')),
    { minLength: 1, maxLength: 40 },
  )
  it('of whole words', async () => {
    await fc.assert(
      fc.asyncProperty(words, texts, async (given, rows) => {
        const vocab = Object.fromEntries([...NAMES, ...given].map((name, id) => [name, id]))
        await expectEqual({ type: 'WordLevel', vocab, unk_token: '<unk>' }, rows)
      }),
      { numRuns: 60 },
    )
  })

  it.each(['##', '', '▁'])('of pieces that continue with %j', async (prefix) => {
    await fc.assert(
      fc.asyncProperty(words, texts, fc.integer({ min: 1, max: 12 }), async (given, rows, longest) => {
        const pieces = new Set([...NAMES, ...given, ...given.map((word) => prefix + word)])
        const vocab = Object.fromEntries([...pieces].map((name, id) => [name, id]))
        const options = { continuing_subword_prefix: prefix, max_input_chars_per_word: longest }
        await expectEqual({ type: 'WordPiece', vocab, unk_token: '<unk>', ...options }, rows)
      }),
      { numRuns: 60 },
    )
  })
})
