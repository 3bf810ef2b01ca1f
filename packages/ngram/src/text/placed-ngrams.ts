import { isBetweenWords, type NgramRange } from './word-ngrams.ts'

/** An n-gram and the characters that it covers. */
export interface PlacedNgram {
  readonly ngram: string
  /** Places of code points in the text, ascending. The spaces around a word are no characters of the text. */
  readonly places: readonly number[]
}

/** The n-grams of `wordNgrams`, in the same order, with their places. */
export function* placedNgrams(
  text: string,
  { shortest, longest, words }: NgramRange,
): Generator<PlacedNgram> {
  for (const word of placedWords(text, words)) {
    const padded: readonly Letter[] = [{ letter: ' ' }, ...word, { letter: ' ' }]
    for (let n = shortest; n <= longest; n++) {
      const last = Math.max(0, padded.length - n)
      for (let i = 0; i <= last; i++) {
        const letters = padded.slice(i, i + n)
        const places = new Set(letters.flatMap(({ place }) => place ?? []))
        yield { ngram: letters.map(({ letter }) => letter).join(''), places: [...places] }
      }
      if (last === 0) break
    }
  }
}

interface Letter {
  readonly letter: string
  /** The code point of the text that it comes from; none for the spaces around a word. */
  readonly place?: number
}

/** The words of a text in lower case. A character may become several: İ has two code points then. */
const placedWords = (text: string, how: NgramRange['words']): readonly (readonly Letter[])[] => {
  const places = Array.from(text).flatMap((character, place) =>
    Array.from(character.toLowerCase(), () => place),
  )
  const words: Letter[][] = []
  let word: Letter[] = []
  // The whole text in lower case: a Σ at the end of a word is another letter than elsewhere.
  for (const [i, letter] of Array.from(text.toLowerCase()).entries()) {
    if (how === 'joined') {
      if (!isBetweenWords(letter)) word.push({ letter, place: places[i] ?? 0 })
    } else if (/\s/u.test(letter)) {
      words.push(word)
      word = []
    } else word.push({ letter, place: places[i] ?? 0 })
  }
  return [...words, word].filter(({ length }) => length > 0)
}
