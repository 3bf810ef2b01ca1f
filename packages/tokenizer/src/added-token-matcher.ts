import { KicError } from '@kic/core'
import type { TokenizerErrorCode } from './error-code.ts'
import { isWhiteSpace, isWord } from './unicode/classes.ts'

/** A token that is matched in the text before any other step, as in `added_tokens` of a tokenizer.json. */
export interface AddedToken {
  readonly id: number
  readonly content: string
  /** Matches only if no letter or digit is adjacent. */
  readonly singleWord: boolean
  /** Includes the white space before it. */
  readonly lstrip: boolean
  /** Includes the white space after it. */
  readonly rstrip: boolean
  /** The token is normalised and matched in the normalised text. */
  readonly normalized: boolean
  readonly special: boolean
}

/** A span of the text between added tokens, by UTF-16 indices, or the id of a token. */
export type TextPart = { readonly from: number; readonly to: number } | number

const endsInWord = (text: string, to: number): boolean => {
  const last = text.charCodeAt(to - 1)
  const isPair = last >= 0xdc00 && last < 0xe000 && to > 1
  return to > 0 && isWord(isPair ? (text.codePointAt(to - 2) ?? 0) : last)
}

const beginsWithWord = (text: string, from: number): boolean =>
  from < text.length && isWord(text.codePointAt(from) ?? 0)

/**
 * The form in which each token is searched for in texts normalised by `normalize`.
 *
 * @throws KicError `tokenizer/bad-vocabulary` if a form is empty, equals that of another token, or starts with white
 *   space that another token includes
 */
export const patternsOf = (
  tokens: readonly AddedToken[],
  normalize: (content: string) => string,
): Map<string, AddedToken> => {
  const patterns = new Map<string, AddedToken>()
  for (const token of tokens) {
    const pattern = normalize(token.content)
    const other = patterns.get(pattern)
    if (pattern === '' || other !== undefined) {
      throw new KicError<TokenizerErrorCode>(
        'tokenizer/bad-vocabulary',
        `createTokenizer: every added token must be found by a text of its own, but ${JSON.stringify(token.content)} ` +
          (other === undefined ? 'is nothing' : `is the same as ${JSON.stringify(other.content)}`) +
          ' once normalised. Remove it, or give it normalized: false.',
      )
    }
    patterns.set(pattern, token)
  }
  const spaced = [...patterns.keys()].find((pattern) => isWhiteSpace(pattern.charCodeAt(0)))
  if (spaced !== undefined && tokens.some((token) => token.rstrip)) {
    throw new KicError<TokenizerErrorCode>(
      'tokenizer/bad-vocabulary',
      `createTokenizer: no added token may start with white space that another one includes (rstrip), received ` +
        `${JSON.stringify(spaced)}. The Rust library ends the process on such texts: remove one of the two.`,
    )
  }
  return patterns
}

/**
 * A function that splits a text at added tokens, given by their forms: leftmost first, then longest first. It returns
 * `null` if the text has none.
 */
export const createAddedTokenMatcher = (
  byPattern: ReadonlyMap<string, AddedToken>,
): ((text: string) => TextPart[] | null) => {
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
      let from = match.index
      let to = from + match[0].length
      if (token === undefined) continue
      if (token.singleWord && (endsInWord(text, from) || beginsWithWord(text, to))) continue
      if (token.lstrip) while (from > done && isWhiteSpace(text.charCodeAt(from - 1))) from--
      if (token.rstrip) while (to < text.length && isWhiteSpace(text.charCodeAt(to))) to++
      if (done < from) parts.push({ from: done, to: from })
      parts.push(token.id)
      done = to
    }
    if (parts.length === 0) return null
    if (done < text.length) parts.push({ from: done, to: text.length })
    return parts
  }
}
