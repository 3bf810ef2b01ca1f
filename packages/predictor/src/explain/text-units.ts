/** More units than this share their characters: the work grows with their number. */
const MOST_UNITS = 64

/** A text cut into the units that are removed from it. */
export interface TextUnits {
  /** Code points of the text. */
  readonly characters: readonly string[]
  /** The places of each unit's characters. White space belongs to none. */
  readonly units: readonly (readonly number[])[]
}

/** Each character is a unit; in longer texts, neighbouring characters share one, so that there are at most 64. */
export const textUnits = (text: string): TextUnits => {
  const characters = [...text]
  const visible = characters.flatMap((character, place) => (/\S/u.test(character) ? [place] : []))
  const size = Math.max(1, Math.ceil(visible.length / MOST_UNITS))
  const units = Array.from({ length: Math.ceil(visible.length / size) }, (_, i) =>
    visible.slice(i * size, (i + 1) * size),
  )
  return { characters, units }
}

/** The text without some characters. */
export const without = (characters: readonly string[], places: ReadonlySet<number>): string =>
  characters.filter((_, place) => !places.has(place)).join('')
