import { ngramError } from '../ngram-error.ts'
import type { SparseRows } from '../text/sparse-rows.ts'

/** In how many texts of each class each n-gram occurs. */
export interface ClassCounts {
  /** Training texts of each class, [C]. */
  readonly texts: Int32Array
  /** Pairs of an n-gram and a class of whose texts some have it, as n-gram · C + class, ascending. */
  readonly pairs: Int32Array
  /** In how many texts each pair occurs. */
  readonly counts: Int32Array
}

/** Pairs are int32. */
const MOST_PAIRS = 2 ** 31 - 1

/**
 * Counts the texts that have n-grams, class by class.
 *
 * @param rows the n-grams of each text, each once
 * @param numbers a class number for each text
 * @throws KicError `ngram/labels` if there are more pairs of n-grams and classes than numbers for them
 */
export const countByClass = (rows: SparseRows, numbers: Int32Array, classes: number): ClassCounts => {
  if (rows.features * classes > MOST_PAIRS) {
    throw ngramError(
      'ngram/labels',
      `trainNgramModel: naive Bayes takes at most ${MOST_PAIRS} pairs of n-grams and classes, received ${rows.features} ` +
        `n-grams and ${classes} classes. Use shorter n-grams.`,
    )
  }
  const texts = new Int32Array(classes)
  const all = new Int32Array(rows.indices.length)
  for (let row = 0; row < rows.rows; row++) {
    const label = numbers[row] ?? 0
    texts[label] = (texts[label] ?? 0) + 1
    const end = rows.offsets[row + 1] ?? 0
    for (let at = rows.offsets[row] ?? 0; at < end; at++) all[at] = (rows.indices[at] ?? 0) * classes + label
  }
  all.sort()
  const firsts: number[] = []
  all.forEach((pair, at) => {
    if (at === 0 || pair !== all[at - 1]) firsts.push(at)
  })
  return {
    texts,
    pairs: Int32Array.from(firsts, (at) => all[at] ?? 0),
    counts: Int32Array.from(firsts, (at, i) => (firsts[i + 1] ?? all.length) - at),
  }
}
