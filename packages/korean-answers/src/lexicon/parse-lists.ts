import { KicError } from '@kic/core'
import type { KoreanAnswersErrorCode } from '../error-code.ts'

/** Words or phrases by the name of their list. */
export type WordLists = ReadonlyMap<string, readonly string[]>

/**
 * The lists of a lexicon file. `[name]` on a line of its own begins a list. Its words are separated by white space; if
 * a slash is among them as a word of its own, it and line breaks separate phrases. Lines that begin with `#` are for people.
 *
 * @throws KicError `korean-answers/bad-lexicon` for words before the first list and for two lists of one name.
 */
export const parseLists = (text: string): WordLists => {
  const [before = '', ...parts] = text.replace(/^#.*/gm, '').split(/^\[(.*)\]\s*$/m)
  if (before.trim() !== '')
    throw new KicError<KoreanAnswersErrorCode>(
      'korean-answers/bad-lexicon',
      `parseLists: every word must be in a list, received "${before.trim()}" before the first one. ` +
        'Begin the list by its name in brackets, alone on a line.',
    )
  const lists = new Map<string, readonly string[]>()
  for (let at = 0; at + 1 < parts.length; at += 2) {
    const [name = '', body = ''] = parts.slice(at, at + 2)
    if (lists.has(name))
      throw new KicError<KoreanAnswersErrorCode>(
        'korean-answers/bad-lexicon',
        `parseLists: the names of lists must differ, received two lists [${name}]. Join them.`,
      )
    lists.set(name, itemsOf(body))
  }
  return lists
}

/** A slash that is a word of its own: `W/G유압유` has none. */
const SLASH = /(?<!\S)\/(?!\S)/

const itemsOf = (body: string): readonly string[] =>
  (SLASH.test(body) ? body.split('\n').flatMap((line) => line.split(SLASH)) : body.split(/\s/))
    .map((item) => item.trim())
    .filter((item) => item !== '')
