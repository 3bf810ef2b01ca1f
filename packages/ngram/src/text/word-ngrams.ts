/** How many characters n-grams have. */
export interface NgramRange {
  readonly shortest: number
  readonly longest: number
}

/**
 * The character n-grams of each word of a text, with a space before and after the word, as often as they occur: what
 * scikit-learn calls `char_wb`. Letters are lower-cased first.
 */
export function* wordNgrams(text: string, { shortest, longest }: NgramRange): Generator<string> {
  for (const word of text.toLowerCase().split(/\s+/u)) {
    if (word === '') continue
    const padded = ` ${word} `
    const letters = Array.from(padded)
    // Slices of the string are quicker, where no letter takes two of its places.
    const slice =
      letters.length === padded.length
        ? (from: number, to: number): string => padded.slice(from, to)
        : (from: number, to: number): string => letters.slice(from, to).join('')
    for (let n = shortest; n <= longest; n++) {
      // A word shorter than n counts once, whole.
      const last = Math.max(0, letters.length - n)
      for (let i = 0; i <= last; i++) yield slice(i, i + n)
      if (last === 0) break
    }
  }
}
