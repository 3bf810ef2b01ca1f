import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { KOREAN_ROWS } from './__fixtures__/korean-rows.ts'
import { bertJson, rustTokenizer } from './__fixtures__/rust-tokenizer.ts'
import { createTokenizer } from './create-tokenizer.ts'
import { encodeUnpadded } from './encode-unpadded.ts'

const pieces = [...new Set([...KOREAN_ROWS.join('')])]
  .filter((character) => character.trim() !== '')
  .flatMap((character) => [character, `##${character}`])
const json = bertJson(pieces)
const row = fc.constantFrom(...KOREAN_ROWS)

describe('truncation_side', () => {
  const left = createTokenizer({ tokenizerJson: json, tokenizerConfig: { truncation_side: 'left' } })

  it('left keeps the ends of texts and pairs, as the official library', async () => {
    const whole = rustTokenizer(json)
    const raw = (text: string) => whole.encode(text, null, { addSpecialTokens: false })
    await fc.assert(
      fc.asyncProperty(
        row,
        fc.option(row),
        fc.integer({ min: 4, max: 24 }),
        async (first, second, maxLength) => {
          const rust = rustTokenizer(json)
          rust.setTruncation(maxLength, { direction: 'left' })
          const expected = rust
            .postProcess(await raw(first), second === null ? null : await raw(second))
            .getIds()
          const options = { maxLength, bucket: 1 }
          const batch =
            second === null
              ? left.encodeBatch([first], options)
              : left.encodeBatch([[first, second]], options)
          expect([...batch.inputIds]).toEqual(expected)
          if (second !== null) return
          expect([...left.encodeRows([first], { maxLength }).values]).toEqual(expected)
          expect([...(encodeUnpadded(left, [first], { maxLength }).inputIds[0] ?? [])]).toEqual(expected)
        },
      ),
    )
  })

  it('of tokenizer_config.json wins over the direction of tokenizer.json', () => {
    const text = KOREAN_ROWS[0] ?? ''
    const truncation = { direction: 'Left', max_length: 40, strategy: 'LongestFirst', stride: 0 }
    const tokenizerJson = { ...json, truncation }
    const encode = (tokenizerConfig: object) =>
      createTokenizer({ tokenizerJson, tokenizerConfig }).encodeBatch([text], { maxLength: 8 }).inputIds
    expect(encode({})).toEqual(left.encodeBatch([text], { maxLength: 8 }).inputIds)
    expect(encode({ truncation_side: 'right' })).toEqual(
      createTokenizer({ tokenizerJson: json }).encodeBatch([text], { maxLength: 8 }).inputIds,
    )
  })
})

describe('the sections truncation and padding', () => {
  const truncation = { direction: 'Right', max_length: 16, strategy: 'LongestFirst', stride: 0 }
  const padding = {
    strategy: 'BatchLongest',
    direction: 'Right',
    pad_to_multiple_of: null,
    pad_id: 1,
    pad_type_id: 0,
    pad_token: '[PAD]',
  }

  it('max_length is a limit for batches and rows, not for encode', () => {
    const tokenizer = createTokenizer({ tokenizerJson: { ...json, truncation, padding } })
    const text = KOREAN_ROWS.join(' ')
    expect(tokenizer.encodeBatch([text], { maxLength: 16 }).shape).toEqual([1, 16])
    for (const exceed of [
      () => tokenizer.encodeBatch([text], { maxLength: 17 }),
      () => tokenizer.encodeRows([text], { maxLength: 17 }),
    ]) {
      expect(exceed).toThrowError(expect.objectContaining({ code: 'tokenizer/bad-length' }))
      expect(exceed).toThrowError(/truncation\.max_length 16/)
    }
    expect(tokenizer.encode(text).length).toBeGreaterThan(100)
  })

  it.each<[string, object, object, string]>([
    ['padding_side', {}, { padding_side: 'left' }, 'unsupported-component'],
    ['truncation_side', {}, { truncation_side: 'middle' }, 'bad-json'],
    ['padding.direction', { padding: { ...padding, direction: 'Left' } }, {}, 'unsupported-component'],
    ['padding', { padding: { ...padding, pad_id: 0 } }, {}, 'contradictory-config'],
    ['padding', { padding: { ...padding, pad_token: '<pad>' } }, {}, 'contradictory-config'],
    ['padding.pad_type_id', { padding: { ...padding, pad_type_id: 1 } }, {}, 'unsupported-component'],
    [
      'truncation.strategy',
      { truncation: { ...truncation, strategy: 'OnlyFirst' } },
      {},
      'unsupported-component',
    ],
    ['truncation.direction', { truncation: { ...truncation, direction: 'Up' } }, {}, 'bad-json'],
    ['truncation.max_length', { truncation: { ...truncation, max_length: 0 } }, {}, 'bad-json'],
    ['split_special_tokens', {}, { split_special_tokens: true }, 'unsupported-component'],
  ])('refuses %s by name, which would be ignored', (name, change, tokenizerConfig, code) => {
    const make = () => createTokenizer({ tokenizerJson: { ...json, ...change }, tokenizerConfig })
    expect(make).toThrowError(expect.objectContaining({ code: `tokenizer/${code}` }))
    expect(make).toThrowError(name)
  })
})
