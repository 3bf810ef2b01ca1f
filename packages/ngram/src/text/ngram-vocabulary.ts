import { collectSparseRows, type SparseRows } from './sparse-rows.ts'
import { type NgramRange, wordNgrams } from './word-ngrams.ts'

/** The n-grams of the training texts, numbered in the order of their first occurrence. */
export interface NgramVocabulary {
  readonly range: NgramRange
  /** How many texts were learned from. */
  readonly texts: number
  /** The number of each n-gram. */
  readonly numbers: ReadonlyMap<string, number>
  /** For each n-gram, how many of the texts have it, [F]. */
  readonly textsWith: Int32Array
}

/** Numbers the n-grams of texts and counts in how many texts each occurs. */
export const learnVocabulary = (texts: readonly string[], range: NgramRange): NgramVocabulary => {
  const numbers = new Map<string, number>()
  const textsWith: number[] = []
  for (const text of texts) {
    for (const ngram of new Set(wordNgrams(text, range))) {
      const number = numbers.get(ngram) ?? numbers.size
      numbers.set(ngram, number)
      textsWith[number] = (textsWith[number] ?? 0) + 1
    }
  }
  return { range, texts: texts.length, numbers, textsWith: Int32Array.from(textsWith) }
}

/**
 * Turns texts into rows of length 1: (1 + ln count) · (1 + ln((1 + texts) / (1 + texts with it))). n-grams outside the
 * vocabulary do not count. As scikit-learn's TfidfVectorizer with `analyzer='char_wb'` and `sublinear_tf=True`.
 */
export const ngramWeighting = ({
  range,
  texts: trained,
  numbers,
  textsWith,
}: NgramVocabulary): ((texts: readonly string[]) => SparseRows) => {
  const rarity = Float64Array.from(textsWith, (count) => 1 + Math.log((1 + trained) / (1 + count)))
  const weighted = (text: string): readonly (readonly [number, number])[] => {
    const counts = new Map<number, number>()
    for (const ngram of wordNgrams(text, range)) {
      const number = numbers.get(ngram)
      if (number !== undefined) counts.set(number, (counts.get(number) ?? 0) + 1)
    }
    const raw = [...counts].map(
      ([number, count]) => [number, (1 + Math.log(count)) * (rarity[number] ?? 0)] as const,
    )
    const norm = Math.hypot(...raw.map(([, value]) => value)) || 1
    return raw.map(([number, value]) => [number, value / norm] as const)
  }
  return (texts) => collectSparseRows(texts, weighted, numbers.size)
}

/** Whether a text has an n-gram of the vocabulary other than a single space, which every word has. */
export const knowsText = ({ range, numbers }: NgramVocabulary, text: string): boolean => {
  for (const ngram of wordNgrams(text, range)) if (ngram !== ' ' && numbers.has(ngram)) return true
  return false
}
