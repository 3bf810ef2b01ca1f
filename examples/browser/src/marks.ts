import type { CharacterWeight } from '@kic/predictor'

/** How strongly a character speaks for an answer: not at all, or from weakly to strongly. */
export type Strength = 0 | 1 | 2 | 3

/** Which of the two most probable answers a mark speaks for. */
export type Side = 'first' | 'second'

/** A character with its weights and their marks. */
export interface MarkedCharacter extends CharacterWeight {
  readonly marks: Readonly<Record<Side, Strength>>
}

/** Weights below it, in nats, are no evidence: they change a probability by less than a twentieth. */
const LEAST = 0.05
/** The least share of the largest weight for each strength. */
const SHARES = [0.1, 1 / 3, 2 / 3] as const

/** Marks the characters that raise an answer's probability. Each answer has its own scale: the largest of its weights. */
export const markCharacters = (characters: readonly CharacterWeight[]): readonly MarkedCharacter[] => {
  const largest = (side: Side): number => Math.max(0, ...characters.map((one) => one[side]))
  const [first, second] = [largest('first'), largest('second')]
  return characters.map((one) => ({
    ...one,
    marks: { first: strengthOf(one.first, first), second: strengthOf(one.second, second) },
  }))
}

const strengthOf = (weight: number, largest: number): Strength => {
  if (weight < LEAST) return 0
  const share = weight / largest
  if (share >= SHARES[2]) return 3
  if (share >= SHARES[1]) return 2
  return share >= SHARES[0] ? 1 : 0
}

/** The marked parts of a text, those of the largest weight first. Neighbouring marked characters are one part. */
export const markedParts = (characters: readonly MarkedCharacter[], side: Side): readonly string[] => {
  const parts: { text: string; weight: number }[] = []
  let last: { text: string; weight: number } | undefined
  for (const { character, marks, [side]: weight } of characters) {
    if (marks[side] === 0) {
      last = undefined
      continue
    }
    if (last === undefined) {
      last = { text: '', weight: 0 }
      parts.push(last)
    }
    last.text += character
    last.weight += weight
  }
  return parts.sort((a, b) => b.weight - a.weight).map(({ text }) => text)
}
