/**
 * A token that is matched in the text before anything else happens, as in `added_tokens` of a tokenizer.json. Its
 * `lstrip` and `rstrip` concern white space alone, which BERT's pre-tokenizer drops in any case.
 */
export interface AddedToken {
  readonly id: number
  readonly content: string
  /** Matches only where no letter or digit touches it. */
  readonly singleWord: boolean
  /** Is matched, itself normalised, in the normalised text. */
  readonly normalized: boolean
  readonly special: boolean
}

/** A stretch of text between added tokens, or the id of one. */
export type TextPart = string | number

const ENDS_IN_WORD = /[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]$/u
const BEGINS_WITH_WORD = /^[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]/u

/** Looks at one character on each side: two units, as it may be a surrogate pair. */
const touchesWord = (text: string, from: number, to: number): boolean =>
  ENDS_IN_WORD.test(text.slice(Math.max(0, from - 2), from)) || BEGINS_WITH_WORD.test(text.slice(to, to + 2))

/**
 * A function that cuts a text at added tokens, given as pairs of what to look for and which token it is: leftmost
 * first, longest first. It returns `null` where there is none.
 */
export const createAddedTokenMatcher = (
  tokens: readonly (readonly [pattern: string, token: AddedToken])[],
): ((text: string) => TextPart[] | null) => {
  const byPattern = new Map(tokens.filter(([pattern]) => pattern !== ''))
  if (byPattern.size === 0) return () => null
  const alternatives = [...byPattern.keys()]
    .sort((a, b) => b.length - a.length)
    .map((pattern) => pattern.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'))
    .join('|')
  const one = new RegExp(alternatives, 'u')
  const all = new RegExp(alternatives, 'gu')

  return (text) => {
    if (!one.test(text)) return null
    const parts: TextPart[] = []
    let done = 0
    for (const match of text.matchAll(all)) {
      const token = byPattern.get(match[0])
      const from = match.index
      const to = from + match[0].length
      if (token === undefined || (token.singleWord && touchesWord(text, from, to))) continue
      if (done < from) parts.push(text.slice(done, from))
      parts.push(token.id)
      done = to
    }
    if (parts.length === 0) return null
    if (done < text.length) parts.push(text.slice(done))
    return parts
  }
}
