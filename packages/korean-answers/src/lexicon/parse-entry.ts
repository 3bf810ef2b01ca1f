import { KicError } from '@kic/core'
import type { KoreanAnswersErrorCode } from '../error-code.ts'
import type { LexiconEntry } from './lexicon-entry.ts'
import { parseLists, type WordLists } from './parse-lists.ts'

const LISTS = ['places', 'methods', 'products', 'answers'] as const

/**
 * The words of a group from its lexicon file. `@name` stands for the words of a shared list.
 *
 * @param group KSIC rev. 10 group, three digits
 * @throws KicError `korean-answers/bad-lexicon` for other lists than those of an entry, and for unknown shared lists.
 */
export const parseEntry = (group: string, text: string, shared: WordLists): LexiconEntry => {
  const lists = parseLists(text)
  const names = [...lists.keys()]
  if (names.join() !== LISTS.join())
    throw new KicError<KoreanAnswersErrorCode>(
      'korean-answers/bad-lexicon',
      `parseEntry: the file of a group must have the lists ${LISTS.join(', ')}, in this order; ` +
        `that of group ${group} has ${names.join(', ') || 'none'}. Rename or add lists.`,
    )
  const wordsOf = (name: (typeof LISTS)[number]): readonly string[] =>
    (lists.get(name) ?? []).flatMap((word) => (word.startsWith('@') ? sharedWords(word.slice(1)) : [word]))
  const sharedWords = (name: string): readonly string[] => {
    const words = shared.get(name)
    if (words !== undefined) return words
    throw new KicError<KoreanAnswersErrorCode>(
      'korean-answers/bad-lexicon',
      `parseEntry: @name must be a shared list, received @${name} in group ${group}. ` +
        `The shared lists are ${[...shared.keys()].join(', ') || 'none'}.`,
    )
  }
  return {
    group,
    places: wordsOf('places'),
    methods: wordsOf('methods'),
    products: wordsOf('products'),
    answers: wordsOf('answers'),
  }
}
