import { createRandom, defined } from '@kic/core'
import type { LearnedTexts } from './learned-texts.ts'

export interface SpliceSettings {
  /** Equal texts among them count once. */
  readonly draws: number
  readonly seed: number
}

/** Shares of the draws: two texts of one division, two of any, and the rest pieces of one text. */
const [SAME_DIVISION, ANY] = [0.4, 0.4]
/** Lengths of pieces in characters. */
const PIECE = { shortest: 2, lengths: 5 } as const

/**
 * Strings that a student has not seen with a label: the start of one text and the end of another, or a piece of one. A teacher is
 * sure of the texts that it learned from itself; its probabilities for these show how it generalises.
 *
 * @returns different texts, without a label
 */
export const splicedTexts = (
  { texts, groups }: LearnedTexts,
  { draws, seed }: SpliceSettings,
): readonly string[] => {
  const divisions = new Map<string, number[]>()
  for (const [i, group] of groups.entries()) {
    const division = group.slice(0, 2)
    const members = divisions.get(division)
    if (members === undefined) divisions.set(division, [i])
    else members.push(i)
  }
  const random = createRandom(seed, 'splices')
  const spliced = new Set<string>()
  for (let draw = 0; draw < draws; draw++) {
    const i = random.int(texts.length)
    const text = defined(texts[i])
    const kind = random.next()
    if (kind >= SAME_DIVISION + ANY) {
      const start = random.int(text.length)
      spliced.add(text.slice(start, start + PIECE.shortest + random.int(PIECE.lengths)))
      continue
    }
    const peers = kind < SAME_DIVISION ? defined(divisions.get(defined(groups[i]).slice(0, 2))) : undefined
    const other = defined(texts[peers === undefined ? random.int(texts.length) : random.pick(peers)])
    spliced.add(text.slice(0, 1 + random.int(text.length)) + other.slice(random.int(other.length)))
  }
  return [...spliced].filter((text) => text.trim() !== '')
}
