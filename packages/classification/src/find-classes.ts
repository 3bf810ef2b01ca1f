import type { Classification, Labels } from './classification.ts'
import { indexOf, levelIndex } from './classification-index.ts'

/** A class that matches a query. */
export interface FoundClass {
  readonly level: string
  readonly code: string
  readonly name: string
  readonly english?: string | undefined
  /** The code and all its ancestors, by level name. */
  readonly labels: Labels
}

/**
 * Classes whose code starts with the query, or whose names contain all of its words, in any case; an empty query finds all
 * classes. Exact codes come first, then longer codes, then names; within these, in the order of the classification.
 *
 * @param level search only this level
 * @throws KicError `classification/unknown-level`
 */
export const findClasses = (
  classification: Classification,
  query: string,
  level?: string | undefined,
): readonly FoundClass[] => {
  const text = query.normalize('NFC').trim().toLowerCase()
  const words = text.split(/\s+/)
  const levels =
    level === undefined
      ? [...indexOf(classification)]
      : [[level, levelIndex('findClasses', classification, level)] as const]
  const ranks: FoundClass[][] = [[], [], []]
  for (const [name, { byCode }] of levels) {
    for (const [code, { node, labels }] of byCode) {
      const rank = rankOf(code.toLowerCase(), `${node.name} ${node.english ?? ''}`, text, words)
      if (rank !== undefined)
        ranks[rank]?.push({ level: name, code, name: node.name, english: node.english, labels })
    }
  }
  return ranks.flat()
}

const rankOf = (
  code: string,
  names: string,
  text: string,
  words: readonly string[],
): 0 | 1 | 2 | undefined => {
  if (code === text) return 0
  if (code.startsWith(text)) return 1
  const searched = names.normalize('NFC').toLowerCase()
  return words.every((word) => searched.includes(word)) ? 2 : undefined
}
