import { hash32 } from '@kic/core'
import { type Contributions, centred, sharedOut } from '../contributions/contributions.ts'
import { ngramError } from '../ngram-error.ts'

/** Buckets that character n-grams are hashed into. */
export const NAIVE_BAYES_FEATURES = 1 << 16
const SMOOTHING = 0.05
const UNSEEN = Math.log(SMOOTHING)
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

const LONGEST = 3

/** A text without spaces, between marks. */
const markedText = (text: string): string => `^${text.replace(/\s+/g, '')}$`

/** Character 1- to 3-grams of a text without spaces, as bucket numbers. */
const buckets = (text: string): number[] => {
  const marked = markedText(text)
  const found: number[] = []
  for (let n = 1; n <= LONGEST; n++) {
    for (let i = 0; i + n <= marked.length; i++)
      found.push(hash32(marked.slice(i, i + n)) % NAIVE_BAYES_FEATURES)
  }
  return found
}

/** The places of the code points that each n-gram of `buckets` covers, in the same order. */
const placesOfBuckets = (text: string): number[][] => {
  // n-grams are cut between UTF-16 units; a code point may have two.
  const units = Array.from(text).flatMap((character, place) =>
    /\s/.test(character) ? [] : Array.from({ length: character.length }, () => place),
  )
  const found: number[][] = []
  for (let n = 1; n <= LONGEST; n++) {
    // The mark before the text is at -1.
    for (let i = -1; i + n <= units.length + 1; i++)
      found.push([...new Set(units.slice(Math.max(i, 0), Math.max(i + n, 0)))])
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
  /** The contributions of a text's characters to the log-probabilities. */
  contributions(text: string, classes: readonly number[]): Contributions
}

/** Multinomial naive Bayes on character n-grams (McCallum & Nigam 1998). */
export const naiveBayes = ({ texts, pairs, counts }: BucketCounts): NaiveBayes => {
  const classes = texts.length
  // What a bucket adds to a class beyond an unseen one; pairs are in the order of their buckets.
  const offsets = new Int32Array(NAIVE_BAYES_FEATURES + 1)
  const labels = new Int32Array(pairs.length)
  const gains = new Float32Array(pairs.length)
  const totals = new Float64Array(classes)
  pairs.forEach((pair, i) => {
    const [count, label, bucket] = [counts[i] ?? 0, pair % classes, Math.floor(pair / classes)]
    labels[i] = label
    gains[i] = Math.log(count + SMOOTHING) - UNSEEN
    totals[label] = (totals[label] ?? 0) + count
    offsets[bucket + 1] = i + 1
  })
  for (let bucket = 1; bucket <= NAIVE_BAYES_FEATURES; bucket++)
    offsets[bucket] = Math.max(offsets[bucket] ?? 0, offsets[bucket - 1] ?? 0)
  const trained = texts.reduce((sum, count) => sum + count, 0)
  const prior = Float64Array.from(texts, (count) => Math.log((count + 1) / (trained + classes)))
  const unseen = totals.map((total) => UNSEEN - Math.log(total + SMOOTHING * NAIVE_BAYES_FEATURES))
  const isSeen = (bucket: number): boolean => (offsets[bucket] ?? 0) < (offsets[bucket + 1] ?? 0)
  /** What an n-gram of a bucket adds to the log-probability of each class, [C]. */
  const termsOf = (bucket: number): Float64Array => {
    const terms = unseen.slice()
    const end = offsets[bucket + 1] ?? 0
    for (let i = offsets[bucket] ?? 0; i < end; i++) {
      const label = labels[i] ?? 0
      terms[label] = (terms[label] ?? 0) + (gains[i] ?? 0)
    }
    return terms
  }
  // Every text has its marks.
  const marks = ['^', '$'].map((mark) => hash32(mark) % NAIVE_BAYES_FEATURES)
  return {
    knows: (text) => buckets(text).some((bucket) => isSeen(bucket) && !marks.includes(bucket)),
    scores: (given) => {
      const scores = new Float32Array(given.length * classes)
      for (const [row, text] of given.entries()) {
        const found = buckets(text)
        const sums = prior.map((own, c) => own + found.length * (unseen[c] ?? 0))
        for (const bucket of found) {
          const end = offsets[bucket + 1] ?? 0
          for (let i = offsets[bucket] ?? 0; i < end; i++) {
            const label = labels[i] ?? 0
            sums[label] = (sums[label] ?? 0) + (gains[i] ?? 0)
          }
        }
        const most = sums.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
        for (let c = 0; c < classes; c++) scores[row * classes + c] = (sums[c] ?? 0) - most
      }
      return scores
    },
    contributions: (text, chosen) => {
      const places = placesOfBuckets(text)
      const amounts = buckets(text).map((bucket, i) => ({
        places: places[i] ?? [],
        amounts: centred(termsOf(bucket), chosen),
      }))
      return sharedOut(Array.from(text).length, centred(prior, chosen), amounts)
    },
  }
}
