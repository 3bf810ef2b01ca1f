import { type FolderFiles, KicError } from '@kic/core'
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
 * The files of a tokenizer's folder, which this package, `tokenizers` and `transformers` load: `tokenizer.json`,
 * `tokenizer_config.json`, `special_tokens_map.json` and, for a WordPiece vocabulary without gaps, `vocab.txt`.
 *
 * @throws KicError `tokenizer/not-savable` for a tokenizer that another library holds
 */
export const encodeTokenizer = ({ files }: Tokenizer): FolderFiles => {
  if (files === null) {
    throw new KicError<TokenizerErrorCode>(
      'tokenizer/not-savable',
      'encodeTokenizer: the tokenizer must come from createTokenizer or loadTokenizer, received one of another library. ' +
        'Copy the folder it was loaded from.',
    )
  }
  const lines = vocabularyLines(files)
  const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`
  return new Map([
    ...(lines === null ? [] : [['vocab.txt', lines.map((line) => `${line}\n`).join('')] as const]),
    ['special_tokens_map.json', json(files.specialTokensMap)],
    ['tokenizer_config.json', json(files.tokenizerConfig)],
    ['tokenizer.json', json(files.tokenizerJson)],
  ])
}
