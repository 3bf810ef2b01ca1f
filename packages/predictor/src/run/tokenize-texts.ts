import { defined } from '@kic/core'
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
  const usable = checked.filter(({ reason }) => reason === undefined)
  if (usable.length === 0) return checked.map(({ text, reason = 'empty' }) => ({ text, reason }))
  const { inputIds, shape, lengths } = tokenizer.encodeBatch(
    usable.map(({ text }) => text),
    { maxLength: maxTokens, bucket: 1, typeVocabSize: 1 },
  )
  const unknown = tokenizer.specialTokens.unk.id
  let at = 0
  return checked.map(({ text, reason }) => {
    if (reason !== undefined) return { text, reason }
    const length = defined(lengths[at])
    const tokens = inputIds.slice(at * shape[1], at * shape[1] + length)
    at += 1
    if (!tokens.some((id) => id !== unknown && !tokenizer.isSpecial(id)))
      return { text, reason: 'unknown-words' }
    return { text, tokens, truncated: length === maxTokens && tokenizer.encode(text).length > maxTokens }
  })
}
