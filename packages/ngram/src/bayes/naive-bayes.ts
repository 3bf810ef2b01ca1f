import type { SparseRows } from '../text/sparse-rows.ts'
import type { ClassCounts } from './class-counts.ts'

/** What naive Bayes says of texts. */
export interface NaiveBayes {
  /** Logarithms of the classes' shares of the training texts, smoothed by one text each, [C]. */
  readonly prior: Float64Array
  /** Log-probabilities [N, C], row by row, each row less its largest. */
  scores(rows: SparseRows): Float32Array
  /** What an n-gram adds to the log-probability of each class, [C]. */
  weightsOf(ngram: number): Float64Array
}

/**
 * Multinomial naive Bayes on the presence of n-grams (McCallum & Nigam 1998), as scikit-learn's `MultinomialNB`, but for the
 * prior.
 *
 * @param features F
 * @param smoothing what is added to each count
 */
export const naiveBayes = (
  { texts, pairs, counts }: ClassCounts,
  features: number,
  smoothing: number,
): NaiveBayes => {
  const classes = texts.length
  // What a count adds to a class beyond an n-gram that no text of it has; pairs are in the order of their n-grams.
  const offsets = new Uint32Array(features + 1)
  const labels = new Int32Array(pairs.length)
  const gains = new Float32Array(pairs.length)
  const totals = new Float64Array(classes)
  const absent = Math.log(smoothing)
  pairs.forEach((pair, i) => {
    const [count, label, ngram] = [counts[i] ?? 0, pair % classes, Math.floor(pair / classes)]
    labels[i] = label
    gains[i] = Math.log(count + smoothing) - absent
    totals[label] = (totals[label] ?? 0) + count
    offsets[ngram + 1] = i + 1
  })
  for (let ngram = 1; ngram <= features; ngram++)
    offsets[ngram] = Math.max(offsets[ngram] ?? 0, offsets[ngram - 1] ?? 0)
  const trained = texts.reduce((sum, count) => sum + count, 0)
  const prior = Float64Array.from(texts, (count) => Math.log((count + 1) / (trained + classes)))
  // Without features no text has an n-gram, and the prior alone decides.
  const base = totals.map((total) => (features === 0 ? 0 : absent - Math.log(total + smoothing * features)))

  const add = (ngram: number, sums: Float64Array): void => {
    const end = offsets[ngram + 1] ?? 0
    for (let i = offsets[ngram] ?? 0; i < end; i++) {
      const label = labels[i] ?? 0
      sums[label] = (sums[label] ?? 0) + (gains[i] ?? 0)
    }
  }
  return {
    prior,
    weightsOf: (ngram) => {
      const weights = base.slice()
      add(ngram, weights)
      return weights
    },
    scores: ({ rows, offsets: starts, indices }) => {
      const scores = new Float32Array(rows * classes)
      for (let row = 0; row < rows; row++) {
        const [start, end] = [starts[row] ?? 0, starts[row + 1] ?? 0]
        const sums = prior.map((own, c) => own + (end - start) * (base[c] ?? 0))
        for (let at = start; at < end; at++) add(indices[at] ?? 0, sums)
        const most = sums.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
        for (let c = 0; c < classes; c++) scores[row * classes + c] = (sums[c] ?? 0) - most
      }
      return scores
    },
  }
}
