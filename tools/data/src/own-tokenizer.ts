import { existsSync } from 'node:fs'
import { readRows } from '@kic/data/node'
import { createTokenizer, type Tokenizer, trainWordPiece } from '@kic/tokenizer'
import { loadTokenizer, saveTokenizer } from '@kic/tokenizer/node'

const sampleRows = 100_000
const vocabSize = 32_000

/** A WordPiece tokenizer of klue's size, learned from the first texts of a file, kept in a folder beside it. */
export const ownTokenizer = async (file: string): Promise<Tokenizer> => {
  const folder = `${file}.tokenizer`
  if (!existsSync(folder)) {
    const texts: string[] = []
    for await (const { text } of readRows(file)) {
      texts.push(text)
      if (texts.length === sampleRows) break
    }
    const vocabulary = await trainWordPiece(texts, { vocabSize })
    await saveTokenizer(folder, createTokenizer({ vocabulary, tokenizerConfig: { do_lower_case: false } }))
  }
  return loadTokenizer(folder)
}
