import type { Tokenizer } from '@kic/tokenizer'
import type { RefusedText } from '../answers/scored-text.ts'
import type { NetworkFolder } from '../model/network-folder.ts'
import { checkText } from '../model/usable-text.ts'

/** A text's tokens. */
export interface TokenizedText {
  /** The prepared text. */
  readonly text: string
  /** Ids, including special tokens, at most `maxTokens`. */
  readonly tokens: Int32Array
  /** Whether the text has more tokens. */
  readonly truncated: boolean
}

/** Prepares and checks texts, and tokenizes the usable ones. */
export const tokenizeTexts = (
  { tokenizer, maxTokens, notes, preparation }: NetworkFolder,
  texts: readonly string[],
): readonly (TokenizedText | RefusedText)[] => {
  const checked = texts.map((text) => checkText(text, notes, preparation))
  const usable = checked.flatMap(({ text, reason }) => (reason === undefined ? [text] : []))
  const { values, offsets } = tokenizer.encodeRows(usable, { maxLength: maxTokens })
  let at = 0
  return checked.map(({ text, reason }) => {
    if (reason !== undefined) return { text, reason }
    const tokens = values.slice(offsets[at], offsets[at + 1])
    at += 1
    if (!hasKnownToken(tokens, tokenizer)) return { text, reason: 'unknown-words' }
    return {
      text,
      tokens,
      truncated: tokens.length === maxTokens && tokenizer.encode(text).length > maxTokens,
    }
  })
}

const hasKnownToken = (tokens: Int32Array, { specialTokens, isSpecial }: Tokenizer): boolean => {
  const unknown = specialTokens.unk.id
  for (const id of tokens) if (id !== unknown && !isSpecial(id)) return true
  return false
}
