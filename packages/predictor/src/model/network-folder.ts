import { KicError } from '@kic/core'
import { type Tokenizer, tokenLimit } from '@kic/tokenizer'
import type { PredictorErrorCode } from '../error-code.ts'
import { CONFIG_PLACE } from './class-tree.ts'
import type { FolderOptions } from './folder-options.ts'
import { CONFIG_FILE, parseConfig } from './model-config.ts'
import { type ModelFiles, missingBecause, readJson } from './model-files.ts'
import { readTaskFacts, type TaskFacts } from './task-facts.ts'
import { createTokenizerCache, TOKENIZER_FILES, type TokenizerCache } from './tokenizer-cache.ts'

/** The folder of a network, without its weights. */
export interface NetworkFolder extends TaskFacts {
  readonly kind: 'network'
  readonly name: string
  readonly tokenizer: Tokenizer
  /** Longest row of tokens, including special tokens. */
  readonly maxTokens: number
}

/** @throws KicError as `readModelFolder` */
export const readNetworkFolder = async (
  files: ModelFiles,
  {
    known = [],
    tokenizers = createTokenizerCache(),
  }: FolderOptions & { readonly tokenizers?: TokenizerCache | undefined },
): Promise<NetworkFolder> => {
  const [configJson, tokenizerFiles] = await Promise.all([
    readJson(files, CONFIG_FILE),
    Promise.all(TOKENIZER_FILES.map((path) => files.read(path))),
  ])
  const { classes, classification, positions } = parseConfig(files, configJson)
  if (tokenizerFiles[0] === undefined) {
    throw new KicError<PredictorErrorCode>(
      'predictor/no-tokenizer',
      `loadPredictor: the folder must have a tokenizer.json, received ${files.name} without one${missingBecause(files, ['tokenizer.json'])}. Copy it from the original model.`,
    )
  }
  const tokenizer = tokenizers.tokenizerOf(files, tokenizerFiles)
  const facts = await readTaskFacts(files, { names: classes, place: CONFIG_PLACE, classification }, known)
  return {
    kind: 'network',
    name: files.name,
    ...facts,
    tokenizer,
    maxTokens: tokenLimit(tokenizer, positions),
  }
}
