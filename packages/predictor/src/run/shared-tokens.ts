import type { RefusedText } from '../answers/scored-text.ts'
import type { NetworkFolder } from '../model/network-folder.ts'
import { type TokenizedText, tokenizeTexts } from './tokenize-texts.ts'

type TokenizeTexts = (texts: readonly string[]) => readonly (TokenizedText | RefusedText)[]

/** Token rows that several networks have in common. */
export interface SharedTokens {
  /** Tokenizes as `network` does; networks that do it alike share the rows of a window. */
  tokenizing(network: NetworkFolder): TokenizeTexts
}

/**
 * Networks with one tokenizer, one preparation and one longest row tokenize a window once. A window is one array of texts:
 * its rows are found as long as somebody holds the array.
 */
export const createSharedTokens = (): SharedTokens => {
  const known: { readonly network: NetworkFolder; readonly tokenize: TokenizeTexts }[] = []
  return {
    tokenizing: (network) => {
      const alike = known.find((one) => readAlike(one.network, network))
      if (alike !== undefined) return alike.tokenize
      const windows = new WeakMap<readonly string[], ReturnType<TokenizeTexts>>()
      const tokenize: TokenizeTexts = (texts) => {
        const rows = windows.get(texts) ?? tokenizeTexts(network, texts)
        windows.set(texts, rows)
        return rows
      }
      known.push({ network, tokenize })
      return tokenize
    },
  }
}

const readAlike = (a: NetworkFolder, b: NetworkFolder): boolean =>
  a.tokenizer === b.tokenizer &&
  a.maxTokens === b.maxTokens &&
  JSON.stringify(textsOf(a)) === JSON.stringify(textsOf(b))

const textsOf = ({ preparation, notes }: NetworkFolder) => [preparation, notes.script, notes.letterless]
