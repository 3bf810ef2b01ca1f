import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { bertNormalizer, bertPreTokenizer, Tokenizer, WordPiece } from 'tokenizers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { KOREAN_ROWS } from './__fixtures__/korean-rows.ts'
import { countWords } from './count-words.ts'
import { learnMerges, type SymbolWords } from './learn-merges.ts'

const symbolsOf = (word: string): string[] =>
  [...word].map((character, i) => (i === 0 ? character : `##${character}`))

const cut = (words: ReadonlyMap<string, number>, vocabulary: readonly string[]): SymbolWords => {
  const symbols = [...words.keys()].map((word) => symbolsOf(word).map((symbol) => vocabulary.indexOf(symbol)))
  const starts = [0]
  for (const word of symbols) starts.push((starts.at(-1) ?? 0) + word.length)
  return {
    symbols: Int32Array.from(symbols.flat()),
    starts: Int32Array.from(starts),
    counts: [...words.values()],
  }
}

/** The definition itself: count every pair of every word, merge the best one everywhere, begin anew. */
const literally = (
  words: ReadonlyMap<string, number>,
  vocabulary: readonly string[],
  vocabSize: number,
  minFrequency: number,
): string[] => {
  const tokens = [...vocabulary]
  const texts = [...words].map(([word, count]) => ({ pieces: symbolsOf(word), count }))
  while (tokens.length < vocabSize) {
    const counts = new Map<string, number>()
    for (const { pieces, count } of texts) {
      for (let i = 0; i + 1 < pieces.length; i++) {
        const pair = `${pieces[i]} ${pieces[i + 1]}`
        counts.set(pair, (counts.get(pair) ?? 0) + count)
      }
    }
    const rank = (pair: string): number[] => pair.split(' ').map((piece) => tokens.indexOf(piece))
    const [best, count] =
      [...counts].sort(([p, m], [q, n]) => {
        const [a, b] = [rank(p), rank(q)]
        return n - m || (a[0] ?? 0) - (b[0] ?? 0) || (a[1] ?? 0) - (b[1] ?? 0)
      })[0] ?? []
    if (best === undefined || count === undefined || count < minFrequency) break
    const [left = '', right = ''] = best.split(' ')
    const merged = left + right.slice(2)
    if (!tokens.includes(merged)) tokens.push(merged)
    for (const text of texts) {
      const pieces: string[] = []
      for (let i = 0; i < text.pieces.length; i++) {
        const isPair = text.pieces[i] === left && text.pieces[i + 1] === right
        pieces.push(isPair ? merged : (text.pieces[i] ?? ''))
        if (isPair) i++
      }
      text.pieces = pieces
    }
  }
  return tokens
}

const startOf = (words: ReadonlyMap<string, number>): string[] => [
  '[UNK]',
  ...new Set([...words.keys()].flatMap(symbolsOf)),
]

const options = { continuingPrefix: '##', minFrequency: 1, vocabSize: 10_000 }

describe('against the literal definition', () => {
  const word = fc.string({ unit: fc.constantFrom('가', '나', '다', 'a', '𝒳'), minLength: 1, maxLength: 9 })
  const corpus = fc.array(fc.tuple(word, fc.integer({ min: 1, max: 4 })), { minLength: 1, maxLength: 12 })

  it('merges the same pairs in the same order, with repetitions and overlaps', () => {
    fc.assert(
      fc.property(corpus, fc.integer({ min: 1, max: 4 }), fc.nat(40), (entries, minFrequency, extra) => {
        const words = new Map(entries)
        const start = startOf(words)
        const vocabSize = start.length + extra
        expect(learnMerges(cut(words, start), start, { ...options, minFrequency, vocabSize })).toEqual(
          literally(words, start, vocabSize, minFrequency),
        )
      }),
      { numRuns: 300 },
    )
  })
})

describe('against the official trainer', () => {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kic-merges-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  it('learns its whole vocabulary, ids included, from its own order of characters', async () => {
    const lines = KOREAN_ROWS.flatMap((row, i) => Array.from({ length: 1 + (i % 5) }, () => row))
    const file = join(folder, 'corpus.txt')
    await writeFile(file, lines.join('\n'))
    const rust = new Tokenizer(WordPiece.init({ '[UNK]': 0 }))
    rust.setNormalizer(bertNormalizer({ lowercase: false, stripAccents: false }))
    rust.setPreTokenizer(bertPreTokenizer())
    rust.train([file])
    const learned = Object.entries(rust.getVocab())
      .sort(([, a], [, b]) => a - b)
      .map(([token]) => token)

    const words = await countWords(lines, {
      cleanText: true,
      handleChineseChars: true,
      stripAccents: false,
      lowercase: false,
    })
    const characters = learned.filter((token) => [...token.replace(/^##(?=.)/, '')].length === 1)
    expect(learned.slice(0, characters.length)).toEqual(characters)
    expect(learned.length).toBeGreaterThan(2 * words.size)
    expect(learnMerges(cut(words, characters), characters, { ...options, vocabSize: 30_000 })).toEqual(
      learned,
    )
  })
})
