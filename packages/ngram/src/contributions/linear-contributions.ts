import { defined } from '@kic/core'
import type { NgramVocabulary } from '../text/ngram-vocabulary.ts'
import { type PlacedNgram, placedNgrams } from '../text/placed-ngrams.ts'
import type { SparseRows } from '../text/sparse-rows.ts'
import { type Contributions, centred, sharedOut } from './contributions.ts'

/** Scores that are sums over the n-grams of a text. */
export interface AdditiveScores {
  /** Scores of a text without n-grams, [C]. */
  readonly base: Float32Array | Float64Array
  /** What an n-gram of value 1 adds to each score, [C]. */
  readonly weightsOf: (ngram: number) => Float64Array
}

/**
 * The contributions of a text's characters to additive scores: weight times value of each n-gram, divided among its
 * occurrences and the characters of each.
 *
 * @param read the features of texts that the model sees
 */
export const linearContributions =
  (
    vocabulary: NgramVocabulary,
    read: (texts: readonly string[]) => SparseRows,
    { base, weightsOf }: AdditiveScores,
  ) =>
  (text: string, classes: readonly number[]): Contributions => {
    const { indices, values } = read([text])
    const occurrences = new Map<number, PlacedNgram[]>()
    for (const placed of placedNgrams(text, vocabulary.range)) {
      const feature = vocabulary.numbers.get(placed.ngram)
      if (feature === undefined) continue
      const others = occurrences.get(feature)
      if (others === undefined) occurrences.set(feature, [placed])
      else others.push(placed)
    }
    const amounts = [...indices].flatMap((feature, i) => {
      const found = defined(occurrences.get(feature))
      const weights = centred(weightsOf(feature), classes)
      const each = weights.map((weight) => (weight * (values[i] ?? Number.NaN)) / found.length)
      return found.map(({ places }) => ({ places, amounts: each }))
    })
    return sharedOut(Array.from(text).length, centred(base, classes), amounts)
  }
