import { createTokenizer, type Tokenizer } from '@kic/tokenizer'
import { inFile } from './in-file.ts'
import { type ModelFiles, parseJson } from './model-files.ts'

/** The files that make a tokenizer. */
export const TOKENIZER_FILES = ['tokenizer.json', 'tokenizer_config.json', 'special_tokens_map.json'] as const

/** Their bytes, in that order; only the first must exist. */
type TokenizerBytes = readonly (Uint8Array | undefined)[]

/** The tokenizers of several folders: equal files make one tokenizer. */
export interface TokenizerCache {
  /** @throws KicError `predictor/bad-json`, and as `createTokenizer` */
  tokenizerOf(files: ModelFiles, bytes: TokenizerBytes): Tokenizer
}

export const createTokenizerCache = (): TokenizerCache => {
  const known: { readonly bytes: TokenizerBytes; readonly tokenizer: Tokenizer }[] = []
  return {
    tokenizerOf: (files, bytes) => {
      const same = known.find((one) => one.bytes.every((file, i) => isEqual(file, bytes[i])))
      if (same !== undefined) return same.tokenizer
      const [tokenizerJson, tokenizerConfig, specialTokensMap] = TOKENIZER_FILES.map((path, i) =>
        parseJson(files, path, bytes[i]),
      )
      const tokenizer = inFile(
        { caller: 'loadPredictor', path: TOKENIZER_FILES[0], folder: files.name },
        () => createTokenizer({ tokenizerJson, tokenizerConfig, specialTokensMap }),
      )
      known.push({ bytes, tokenizer })
      return tokenizer
    },
  }
}

const isEqual = (a: Uint8Array | undefined, b: Uint8Array | undefined): boolean =>
  a === b || (a !== undefined && a.length === b?.length && a.every((byte, i) => byte === b[i]))
