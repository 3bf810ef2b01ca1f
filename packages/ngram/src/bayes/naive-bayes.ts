import { hash32 } from '@kic/core'
import { ngramError } from '../ngram-error.ts'

/** Buckets that character n-grams are hashed into. */
export const NAIVE_BAYES_FEATURES = 1 << 16
const SMOOTHING = 0.05
/** Pairs of a bucket and a class are numbered in int32. */
const MOST_CLASSES = 2 ** 31 / NAIVE_BAYES_FEATURES - 1

/** How often each bucket occurs in the texts of each class. */
export interface BucketCounts {
  /** Training texts of each class, [C]. */
  readonly texts: Int32Array
  /** Pairs that occur, as bucket · C + class, ascending. */
  readonly pairs: Int32Array
  /** How often each of them does. */
  readonly counts: Int32Array
}

/** Character 1- to 3-grams of a text without spaces, as bucket numbers. */
const buckets = (text: string): number[] => {
  const marked = `^${text.replace(/\s+/g, '')}$`
  const found: number[] = []
  for (let n = 1; n <= 3; n++) {
    for (let i = 0; i + n <= marked.length; i++)
      found.push(hash32(marked.slice(i, i + n)) % NAIVE_BAYES_FEATURES)
  }
  return found
}

/**
 * Counts the n-grams of texts, class by class.
 *
 * @param numbers a class number for each text
 * @throws KicError `ngram/labels` where there are more classes than pairs with buckets can be numbered
 */
export const countBuckets = (
  texts: readonly string[],
  numbers: Int32Array,
  classes: number,
): BucketCounts => {
  if (classes > MOST_CLASSES) {
    throw ngramError(
      'ngram/labels',
      `trainNgramModel: naive Bayes takes at most ${MOST_CLASSES} classes, received ${classes}. Use a linear-svc.`,
    )
  }
  const found = new Int32Array(NAIVE_BAYES_FEATURES * classes)
  const textsOf = new Int32Array(classes)
  texts.forEach((text, i) => {
    const label = numbers[i] ?? 0
    textsOf[label] = (textsOf[label] ?? 0) + 1
    for (const bucket of buckets(text)) {
      const pair = bucket * classes + label
      found[pair] = (found[pair] ?? 0) + 1
    }
  })
  const counts = found.filter((count) => count > 0)
  const pairs = new Int32Array(counts.length)
  let at = 0
  found.forEach((count, pair) => {
    if (count > 0) pairs[at++] = pair
  })
  return { texts: textsOf, pairs, counts }
}

/** What naive Bayes says of texts. */
interface NaiveBayes {
  /** Log-probabilities [N, C], row by row, each row less its largest. */
  scores(texts: readonly string[]): Float32Array
  /** Whether some bucket of a text's n-grams has a count. */
  knows(text: string): boolean
}

/** Multinomial naive Bayes on character n-grams (McCallum & Nigam 1998). */
export const naiveBayes = ({ texts, pairs, counts }: BucketCounts): NaiveBayes => {
  const classes = texts.length
  const weights = new Float32Array(NAIVE_BAYES_FEATURES * classes) // counts at first
  const totals = new Float64Array(classes)
  pairs.forEach((pair, i) => {
    const [count, label] = [counts[i] ?? 0, pair % classes]
    weights[pair] = count
    totals[label] = (totals[label] ?? 0) + count
  })
  const trained = texts.reduce((sum, count) => sum + count, 0)
  const prior = Float64Array.from(texts, (count) => Math.log((count + 1) / (trained + classes)))
  const normaliser = totals.map((total) => Math.log(total + SMOOTHING * NAIVE_BAYES_FEATURES))
  for (let at = 0; at < weights.length; at++) {
    weights[at] = Math.log((weights[at] ?? 0) + SMOOTHING) - (normaliser[at % classes] ?? 0)
  }
  const seen = new Uint8Array(NAIVE_BAYES_FEATURES)
  for (const pair of pairs) seen[Math.floor(pair / classes)] = 1
  // Every text has its marks.
  for (const mark of ['^', '$']) seen[hash32(mark) % NAIVE_BAYES_FEATURES] = 0
  const knows = (text: string): boolean => buckets(text).some((bucket) => seen[bucket] === 1)
  const scores = (unseen: readonly string[]): Float32Array => {
    const scores = new Float32Array(unseen.length * classes)
    for (const [row, text] of unseen.entries()) {
      const sums = Float64Array.from(prior)
      for (const bucket of buckets(text)) {
        for (let c = 0; c < classes; c++) sums[c] = (sums[c] ?? 0) + (weights[bucket * classes + c] ?? 0)
      }
      const most = sums.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
      for (let c = 0; c < classes; c++) scores[row * classes + c] = (sums[c] ?? 0) - most
    }
    return scores
  }
  return { scores, knows }
}
