import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Tokenizer as HuggingFaceTokenizer } from '@huggingface/tokenizers'
import { generateRows } from '@kic/korean-answers'
import { Tokenizer as RustTokenizer } from 'tokenizers'
import { describe, expect, it } from 'vitest'
import { anyTexts } from './__fixtures__/any-text.ts'
import { trainCharacterTokenizer } from './character-tokenizer.ts'
import { loadTokenizer } from './load-tokenizer.ts'
import { saveTokenizer } from './save-tokenizer.ts'

const answers = Array.from(
  generateRows({ rows: 400, seed: 3 }),
  ({ object, method, deal }) => `${object}, ${method} ${deal}`,
)
const tokenizer = trainCharacterTokenizer(answers)

describe('trainCharacterTokenizer', () => {
  it('gives each character a token, by frequency, and reads no spacing, punctuation or case', () => {
    const small = trainCharacterTokenizer(['벼 농사', '벼, 농업'], { vocabSize: 8 })
    expect([5, 6, 7].map((id) => small.idToToken(id))).toEqual(['농', '벼', '사'])
    expect([...small.encode('벼농사')]).toEqual([0, 6, 5, 7, 2])
    expect(small.encode('(벼)\u3000농-사.')).toEqual(small.encode('벼농사'))
    expect([...small.encode('업')]).toEqual([0, 3, 2])
    expect(trainCharacterTokenizer(['TV', 'tv']).encode('Tv')).toEqual(Int32Array.of(0, 5, 6, 2))
    expect(trainCharacterTokenizer(['가가나'], { minFrequency: 2 }).vocabSize).toBe(6)
    expect([...small.encode('벼', '농')]).toEqual([0, 6, 2, 5, 2])
  })

  it('gives the ids of the Rust tokenizer for any text, also after saving', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'kic-characters-'))
    try {
      await saveTokenizer(folder, tokenizer)
      const [saved, rust] = [
        await loadTokenizer(folder),
        RustTokenizer.fromFile(join(folder, 'tokenizer.json')),
      ]
      const texts = [...answers, ...answers.map((text) => text.normalize('NFD')), ...anyTexts(500, 5)]
      const expected = await rust.encodeBatch(texts)
      for (const [i, text] of texts.entries()) {
        expect([...saved.encode(text)], JSON.stringify(text)).toEqual(expected[i]?.getIds())
        expect(tokenizer.encode(text)).toEqual(saved.encode(text))
      }
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it("gives the ids of transformers.js's tokenizers for answers", () => {
    const { files } = tokenizer
    const theirs = new HuggingFaceTokenizer(files?.tokenizerJson ?? {}, files?.tokenizerConfig ?? {})
    for (const text of [...answers, '', ' ', '벼농사 (TV·유튜브 방송), 3층~5층', '똠얌꿍'])
      expect([...tokenizer.encode(text)], text).toEqual(theirs.encode(text).ids)
  })

  it('refuses texts without a character, and a vocabulary without room', () => {
    expect(() => trainCharacterTokenizer([' ', '...'])).toThrowError(
      expect.objectContaining({ code: 'tokenizer/empty-corpus' }),
    )
    expect(() => trainCharacterTokenizer(['가'], { vocabSize: 5 })).toThrowError(
      expect.objectContaining({ code: 'tokenizer/bad-training-option' }),
    )
  })
})
