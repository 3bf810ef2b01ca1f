import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateRows } from '@kic/korean-answers'
import { Tokenizer as RustTokenizer } from 'tokenizers'
import { describe, expect, it } from 'vitest'
import { anyTexts } from './__fixtures__/any-text.ts'
import { trainedFolders } from './__fixtures__/trained-folders.ts'
import { loadTokenizer } from './load-tokenizer.ts'
import { saveTokenizer } from './save-tokenizer.ts'

/** Texts for each folder; `KIC_TOKENIZER_TEXTS=10000 npx vitest run trained-folders` compares more of them. */
const COUNT = Number(process.env.KIC_TOKENIZER_TEXTS ?? 1000)

const answers = (rows: number, seed: number): string[] =>
  Array.from(generateRows({ rows, seed }), ({ object, method, deal }) => `${object} ${method} ${deal}`)

/** Half of them Korean answers, some decomposed or joined with odd texts, and half of them anything. */
const texts = (): string[] => {
  const odd = anyTexts(COUNT - Math.ceil(COUNT / 2), 21)
  return [
    ...answers(Math.ceil(COUNT / 2), 22).map((text, i) =>
      i % 4 === 0 ? text.normalize('NFD') : i % 4 === 1 ? `${text}${odd[i] ?? ''}` : text,
    ),
    ...odd,
  ]
}

const folders = await trainedFolders(answers(2000, 20))

describe('folders whose vocabulary the Rust library learned', () => {
  it.each(Object.entries(folders))(
    `%s: ids, words and decoded texts of ${COUNT} texts are equal`,
    async (_, json) => {
      const folder = await mkdtemp(join(tmpdir(), 'kic-folders-'))
      try {
        await writeFile(join(folder, 'tokenizer.json'), JSON.stringify(json))
        const [ours, rust] = [
          await loadTokenizer(folder),
          RustTokenizer.fromFile(join(folder, 'tokenizer.json')),
        ]
        await saveTokenizer(join(folder, 'saved'), ours)
        const saved = await loadTokenizer(join(folder, 'saved'))
        const unknown = ours.specialTokens.unk.id
        const given = texts()
        const expected = await rust.encodeBatch(given)
        let known = 0
        for (const [i, text] of given.entries()) {
          const ids = expected[i]?.getIds() ?? []
          expect([...ours.encode(text)], JSON.stringify(text)).toEqual(ids)
          expect(saved.encode(text)).toEqual(ours.encode(text))
          known += ids.filter((id) => id !== unknown).length
          const batch = ours.encodeBatch([text], { maxLength: ids.length + 1, bucket: 1, wordIds: true })
          expect([...(batch.wordIds ?? [])], JSON.stringify(text)).toEqual(
            expected[i]?.getWordIds().map((word) => word ?? -1),
          )
          for (const skipSpecialTokens of [true, false]) {
            expect(ours.decode(ids, { skipSpecialTokens }), JSON.stringify(text)).toBe(
              await rust.decode(ids, skipSpecialTokens),
            )
          }
        }
        expect(known).toBeGreaterThan(4 * COUNT)
      } finally {
        await rm(folder, { recursive: true })
      }
    },
  )
})
