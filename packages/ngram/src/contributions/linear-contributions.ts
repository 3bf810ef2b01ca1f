import { defined } from '@kic/core'
import type { ClassPostings } from '../linear/class-postings.ts'
import type { NgramVocabulary } from '../text/ngram-vocabulary.ts'
import { type PlacedNgram, placedNgrams } from '../text/placed-ngrams.ts'
import type { SparseRows } from '../text/sparse-rows.ts'
import { type Contributions, centred, sharedOut } from './contributions.ts'

/**
 * The contributions of a text's characters to the decision values of a linear model: weight times value of each n-gram,
 * divided among its occurrences and the characters of each.
 *
 * @param read the features of texts that the model sees
 */
export const linearContributions =
  (vocabulary: NgramVocabulary, read: (texts: readonly string[]) => SparseRows, postings: ClassPostings) =>
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
      const weights = centred(weightsOf(postings, feature), classes)
      const each = weights.map((weight) => (weight * (values[i] ?? Number.NaN)) / found.length)
      return found.map(({ places }) => ({ places, amounts: each }))
    })
    return sharedOut(Array.from(text).length, centred(postings.intercepts, classes), amounts)
  }

/** A feature's weight for each class, [C]. */
const weightsOf = ({ offsets, classes, weights, scales }: ClassPostings, feature: number): Float64Array => {
  const found = new Float64Array(scales.length)
  const end = offsets[feature + 1] ?? 0
  for (let at = offsets[feature] ?? 0; at < end; at++) {
    const label = classes[at] ?? 0
    found[label] = (weights[at] ?? 0) * (scales[label] ?? 0)
  }
  return found
}
