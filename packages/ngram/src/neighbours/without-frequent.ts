import { defined } from '@kic/core'
import type { NgramVocabulary } from '../text/ngram-vocabulary.ts'

/** A vocabulary without the n-grams of more than `mostTexts` texts, renumbered: scikit-learn's `max_df`. */
export const withoutFrequent = (vocabulary: NgramVocabulary, mostTexts: number): NgramVocabulary => {
  const { textsWith } = vocabulary
  if (textsWith.every((count) => count <= mostTexts)) return vocabulary
  const numbers = new Map<string, number>()
  for (const [ngram, number] of vocabulary.numbers)
    if (defined(textsWith[number]) <= mostTexts) numbers.set(ngram, numbers.size)
  return { ...vocabulary, numbers, textsWith: textsWith.filter((count) => count <= mostTexts) }
}
