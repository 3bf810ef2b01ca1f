import { createRandom, defined } from '@kic/core'
import { describe, expect, it } from 'vitest'
import { tinyTexts, tinyTokenizer } from './__fixtures__/tiny-corpus.ts'
import { maskableRows, maskTokens } from './mask-tokens.ts'
import { maskingVocabulary } from './masking-vocabulary.ts'

const vocabulary = maskingVocabulary(tinyTokenizer)
const { cls, sep, unk, mask } = tinyTokenizer.specialTokens
const rows = tinyTexts(20_000, 1).map((text) => tinyTokenizer.encode(`${text} ?`))

/** Five standard deviations of a share of n. */
const margin = (share: number, n: number): number => 5 * Math.sqrt((share * (1 - share)) / n)

describe.each([
  ['tokens', false],
  ['whole words', true],
])('masking %s', (_, wholeWord) => {
  const masked = rows.map((ids, i) => maskTokens(ids, vocabulary, createRandom(3, i), { wholeWord }))
  const chosen = masked.flatMap(({ ids, positions, labels }) =>
    positions.map((position, i) => ({ now: defined(ids[position]), was: defined(labels[i]) })),
  )

  it('chooses 15 % of the ordinary tokens, masks 80 % of them, replaces 10 %, and keeps 10 %', () => {
    const maskable = rows.reduce(
      (sum, ids) => sum + ids.filter((id) => ![cls.id, sep.id, unk.id].includes(id)).length,
      0,
    )
    // Pieces of a word are chosen together, so the distribution is wider.
    const widening = wholeWord ? 2.5 : 1
    expect(Math.abs(chosen.length / maskable - 0.15)).toBeLessThan(widening * margin(0.15, maskable))
    const share = (of: (token: { now: number; was: number }) => boolean): number =>
      chosen.filter(of).length / chosen.length
    // A replacement equals the original token with probability 1 / V.
    const same = 0.1 / vocabulary.ordinary.length
    for (const [actual, expected] of [
      [share(({ now }) => now === mask.id), 0.8],
      [share(({ now, was }) => now !== mask.id && now !== was), 0.1 - same],
      [share(({ now, was }) => now === was), 0.1 + same],
    ] as const) {
      expect(Math.abs(actual - expected)).toBeLessThan(margin(expected, chosen.length))
    }
  })

  it('replaces with every ordinary token, and leaves special tokens in place', () => {
    const counts = new Map<number, number>()
    for (const { now, was } of chosen) {
      if (now !== mask.id && now !== was) counts.set(now, (counts.get(now) ?? 0) + 1)
    }
    expect([...counts.keys()].sort((a, b) => a - b)).toEqual([...vocabulary.ordinary])
    const moved = masked.flatMap(({ ids }, i) =>
      [...ids].filter((id, position) => {
        const before = defined(defined(rows[i])[position])
        return tinyTokenizer.isSpecial(before) ? id !== before : id !== mask.id && tinyTokenizer.isSpecial(id)
      }),
    )
    expect(moved).toEqual([])
  })

  it('returns the original tokens and their positions, and changes nothing else', () => {
    for (const [i, { ids, positions, labels }] of masked.slice(0, 500).entries()) {
      const restored = ids.slice()
      for (const [at, position] of positions.entries()) restored[position] = defined(labels[at])
      expect(restored).toEqual(rows[i])
    }
  })
})

it('chooses the pieces of a word together', () => {
  const apart = rows.flatMap((ids, i) => {
    const { positions } = maskTokens(ids, vocabulary, createRandom(9, i), { wholeWord: true })
    const chosen = new Set(positions)
    const continues = (id: number): boolean => tinyTokenizer.idToToken(id)?.startsWith('##') ?? false
    return [...ids].filter(
      (id, position) => continues(id) && chosen.has(position) !== chosen.has(position - 1),
    )
  })
  expect(apart).toEqual([])
})

it('starts a new word after a special token, also at a continuing piece', () => {
  const piece = defined(tinyTokenizer.tokenToId('##타'))
  const cut = Int32Array.of(cls.id, piece, unk.id, piece, sep.id)
  const draws = Array.from({ length: 200 }, (_, i) =>
    String(maskTokens(cut, vocabulary, createRandom(i), { wholeWord: true, probability: 0.5 }).positions),
  )
  expect(new Set(draws)).toEqual(new Set(['', '1', '3', '1,3']))
})

it('finds the rows with tokens to mask, and refuses others', () => {
  const empty = tinyTokenizer.encode('')
  const unknown = tinyTokenizer.encode('?')
  expect(maskableRows([empty, tinyTokenizer.encode('장미'), unknown], vocabulary)).toEqual([1])
  for (const row of [empty, unknown]) {
    expect(() => maskTokens(row, vocabulary, createRandom(1))).toThrowError(
      expect.objectContaining({ code: 'tapt/nothing-to-mask' }),
    )
  }
  expect(() => maskTokens(Int32Array.of(0, 9999, 2), vocabulary, createRandom(1))).toThrowError(
    expect.objectContaining({ code: 'tapt/token', message: expect.stringContaining('9999') }),
  )
})
