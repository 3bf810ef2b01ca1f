import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { Tokenizer as RustTokenizer, WordPiece } from 'tokenizers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { KOREAN_ROWS } from './__fixtures__/korean-rows.ts'
import { bertJson, SPECIAL } from './__fixtures__/rust-tokenizer.ts'
import { unicodeText } from './__fixtures__/unicode-text.ts'
import { createTokenizer } from './create-tokenizer.ts'
import { loadTokenizer } from './load-tokenizer.ts'
import { saveTokenizer } from './save-tokenizer.ts'
import { trainWordPiece } from './train-word-piece.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kic-save-'))
})
afterEach(() => rm(folder, { recursive: true }))

const json = async (name: string): Promise<Record<string, unknown>> =>
  JSON.parse(await readFile(join(folder, name), 'utf8'))

describe('saveTokenizer', () => {
  it.each([{ do_lower_case: false }, { do_lower_case: true, strip_accents: false }, {}])(
    'writes a trained vocabulary (%j) which the official tokenizer reads with the same ids',
    async (config) => {
      const vocabulary = await trainWordPiece(KOREAN_ROWS, {
        vocabSize: 500,
        lowercase: config.do_lower_case ?? false,
      })
      const tokenizer = createTokenizer({ vocabulary, tokenizerConfig: config })
      await saveTokenizer(folder, tokenizer)
      expect((await readdir(folder)).sort()).toEqual([
        'special_tokens_map.json',
        'tokenizer.json',
        'tokenizer_config.json',
        'vocab.txt',
      ])
      const rust = RustTokenizer.fromFile(join(folder, 'tokenizer.json'))
      const loaded = await loadTokenizer(folder)
      const random = fc.sample(unicodeText(10), { numRuns: 200, seed: 3 })
      for (const text of [...KOREAN_ROWS, ...random]) {
        const expected = (await rust.encode(text, '치킨 Chicken')).getIds()
        expect([...tokenizer.encode(text, '치킨 Chicken')]).toEqual(expected)
        expect([...loaded.encode(text, '치킨 Chicken')]).toEqual(expected)
      }
    },
  )

  it('writes vocab.txt and a configuration that give the same tokenizer on their own', async () => {
    const vocabulary = await trainWordPiece(KOREAN_ROWS, { vocabSize: 300 })
    const tokenizer = createTokenizer({ vocabulary, tokenizerConfig: { do_lower_case: false } })
    await saveTokenizer(folder, createTokenizer({ tokenizerJson: tokenizer.files?.tokenizerJson }))
    await rm(join(folder, 'tokenizer.json'))
    const loaded = await loadTokenizer(folder)
    for (const row of KOREAN_ROWS) expect(loaded.encode(row)).toEqual(tokenizer.encode(row))

    const rust = new RustTokenizer(await WordPiece.fromFile(join(folder, 'vocab.txt')))
    expect(rust.getVocab()).toEqual(Object.fromEntries(vocabulary.map((token, id) => [token, id])))
    expect(await json('tokenizer_config.json')).toMatchObject({
      do_lower_case: false,
      tokenizer_class: 'BertTokenizer',
    })
    expect(await json('special_tokens_map.json')).toEqual({
      cls_token: '[CLS]',
      pad_token: '[PAD]',
      sep_token: '[SEP]',
      unk_token: '[UNK]',
      mask_token: '[MASK]',
    })
  })

  it('keeps a token named __proto__, and omits vocab.txt if ids have gaps', async () => {
    const text = JSON.stringify(bertJson(['PROTO', 'x'])).replace('"PROTO":5', '"__proto__":9')
    await saveTokenizer(folder, createTokenizer({ tokenizerJson: JSON.parse(text) }))
    expect(await readdir(folder)).not.toContain('vocab.txt')
    const loaded = await loadTokenizer(folder)
    expect(loaded.tokenToId('__proto__')).toBe(9)
    expect(loaded.vocabSize).toBe(SPECIAL.length + 5)
  })

  it('refuses a tokenizer without files', async () => {
    const tokenizer = createTokenizer({ vocabulary: SPECIAL, tokenizerConfig: {} })
    await expect(saveTokenizer(folder, { ...tokenizer, files: null })).rejects.toMatchObject({
      code: 'tokenizer/not-savable',
    })
    expect(await readdir(folder)).toEqual([])
  })
})
