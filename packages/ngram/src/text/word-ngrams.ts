/** Which n-grams are read. */
export interface NgramRange {
  /** How many characters n-grams have. */
  readonly shortest: number
  readonly longest: number
  /**
   * `apart`: n-grams stay within words. `joined`: spaces, punctuation and symbols are dropped, and letters and digits are read as
   * one word, so that spacing changes nothing. Default: `apart`.
   */
  readonly words?: 'apart' | 'joined' | undefined
}

/** Whether a character is left out where words are joined: anything but letters with their marks, and digits. */
export const isBetweenWords = (letter: string): boolean => /[^\p{L}\p{M}\p{N}]/u.test(letter)

const BETWEEN_WORDS = /[^\p{L}\p{M}\p{N}]+/gu

/** The words of a text, in lower case; some may be empty. */
const wordsOf = (text: string, words: NgramRange['words']): readonly string[] => {
  const lower = text.toLowerCase()
  return words === 'joined' ? [lower.replace(BETWEEN_WORDS, '')] : lower.split(/\s+/u)
}

/**
 * The character n-grams of each word of a text, with a space before and after the word, as often as they occur: what
 * scikit-learn calls `char_wb`. Letters are lower-cased first.
 */
export function* wordNgrams(text: string, { shortest, longest, words }: NgramRange): Generator<string> {
  for (const word of wordsOf(text, words)) {
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
