import { join } from 'node:path'
import { KicError } from '@kic/core'
import { writeFileAtomic } from '@kic/core/node'
import type { TokenizerErrorCode } from './error-code.ts'
import { parseTokenizerJson } from './parse-tokenizer-json.ts'
import type { Tokenizer, TokenizerFiles } from './tokenizer.ts'

/** The lines of vocab.txt: a WordPiece vocabulary whose ids run from 0 without a gap, else `null`. */
const vocabularyLines = ({ tokenizerJson }: TokenizerFiles): string[] | null => {
  const { modelType, modelVocabulary } = parseTokenizerJson(tokenizerJson)
  if (modelType !== 'WordPiece') return null
  const lines: string[] = []
  for (const [token, id] of modelVocabulary) lines[id] = token
  return lines.length === modelVocabulary.size && !lines.some((line) => /^$|[\r\n]/.test(line)) ? lines : null
}

/**
 * Writes a tokenizer folder which this package, `tokenizers` and `transformers` load: `tokenizer.json`,
 * `tokenizer_config.json`, `special_tokens_map.json` and, for a WordPiece vocabulary without gaps, `vocab.txt`. Each
 * file is replaced in one step.
 *
 * @throws KicError `tokenizer/not-savable` for a tokenizer that another library holds; `core/write-failed`.
 */
export const saveTokenizer = async (folder: string, tokenizer: Tokenizer): Promise<void> => {
  const { files } = tokenizer
  if (files === null) {
    throw new KicError<TokenizerErrorCode>(
      'tokenizer/not-savable',
      'saveTokenizer: the tokenizer must come from createTokenizer or loadTokenizer, received one of another library. ' +
        'Copy the folder it was loaded from.',
    )
  }
  const lines = vocabularyLines(files)
  const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`
  if (lines !== null)
    await writeFileAtomic(join(folder, 'vocab.txt'), lines.map((line) => `${line}\n`).join(''))
  await writeFileAtomic(join(folder, 'special_tokens_map.json'), json(files.specialTokensMap))
  await writeFileAtomic(join(folder, 'tokenizer_config.json'), json(files.tokenizerConfig))
  await writeFileAtomic(join(folder, 'tokenizer.json'), json(files.tokenizerJson))
}
