import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { KicError } from '@kic/core'
import { parseVocabularyText } from './bert-tokenizer-json.ts'
import { createTokenizer } from './create-tokenizer.ts'
import type { TokenizerErrorCode } from './error-code.ts'
import type { Tokenizer } from './tokenizer.ts'

const MAX_BYTES = 128 * 1024 * 1024

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause))

const isMissing = (cause: unknown): boolean =>
  cause instanceof Error && 'code' in cause && (cause.code === 'ENOENT' || cause.code === 'ENOTDIR')

/** The text of a file, or `null` if it does not exist. */
const readText = async (path: string): Promise<string | null> => {
  try {
    const { size } = await stat(path)
    if (size > MAX_BYTES) {
      throw new KicError<TokenizerErrorCode>(
        'tokenizer/too-large',
        `loadTokenizer: ${path} must have at most ${MAX_BYTES} bytes, received ${size}. Check that it is a tokenizer's file.`,
      )
    }
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path))
  } catch (cause) {
    if (cause instanceof KicError) throw cause
    if (isMissing(cause)) return null
    throw new KicError<TokenizerErrorCode>(
      'tokenizer/unreadable-file',
      `loadTokenizer: ${path} must be a readable UTF-8 file, received an error: ${messageOf(cause)}. Check the file and its encoding.`,
      { cause },
    )
  }
}

const readJson = async (path: string): Promise<unknown> => {
  const text = await readText(path)
  if (text === null) return undefined
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new KicError<TokenizerErrorCode>(
      'tokenizer/bad-json',
      `loadTokenizer: ${path} must be JSON, received an error: ${messageOf(cause)}. Download or write it again.`,
      { cause },
    )
  }
}

/**
 * Loads a Hugging Face tokenizer folder: `tokenizer.json`, or else `vocab.txt` of a BERT tokenizer with its
 * `tokenizer_config.json`; `tokenizer_config.json` and `special_tokens_map.json` are read if they exist.
 *
 * @throws KicError `tokenizer/no-vocabulary` if the folder holds neither, `tokenizer/missing-file`,
 * `tokenizer/unreadable-file`, `tokenizer/too-large`, `tokenizer/bad-json`, and the errors of `createTokenizer`
 */
export const loadTokenizer = async (folder: string): Promise<Tokenizer> => {
  const json = (name: string): Promise<unknown> => readJson(join(folder, name))
  const [tokenizerJson, tokenizerConfig, specialTokensMap] = await Promise.all([
    json('tokenizer.json'),
    json('tokenizer_config.json'),
    json('special_tokens_map.json'),
  ])
  if (tokenizerJson !== undefined)
    return createTokenizer({ tokenizerJson, tokenizerConfig, specialTokensMap })

  const vocabulary = await readText(join(folder, 'vocab.txt'))
  if (vocabulary === null) {
    throw new KicError<TokenizerErrorCode>(
      'tokenizer/no-vocabulary',
      `loadTokenizer: ${folder} must hold tokenizer.json or vocab.txt, but has neither. ` +
        'Give the folder of a model, or train a vocabulary with trainWordPiece and saveTokenizer.',
    )
  }
  if (tokenizerConfig === undefined) {
    throw new KicError<TokenizerErrorCode>(
      'tokenizer/missing-file',
      `loadTokenizer: vocab.txt needs tokenizer_config.json beside it, but ${folder} has none. ` +
        'Take it from the model, or write {"do_lower_case": false} into it.',
    )
  }
  if ((await readText(join(folder, 'added_tokens.json'))) !== null) {
    throw new KicError<TokenizerErrorCode>(
      'tokenizer/unsupported-component',
      `loadTokenizer: ${folder} adds tokens to vocab.txt in added_tokens.json, which is not read. ` +
        'Save the tokenizer with transformers 4 or newer, which writes tokenizer.json.',
    )
  }
  return createTokenizer({ vocabulary: parseVocabularyText(vocabulary), tokenizerConfig, specialTokensMap })
}
