import { ngramError } from '../ngram-error.ts'

/** A text to learn from, and its class. */
export interface NgramRow {
  readonly text: string
  readonly label: string
}

/** What a model learns from. */
export interface NgramLesson {
  readonly texts: readonly string[]
  /** Class number of each text. */
  readonly numbers: Int32Array
  /** The label of each class number. */
  readonly labels: readonly string[]
}

/**
 * Rows as texts and class numbers.
 *
 * @param labels the classes in their order; default: those of the rows, sorted
 * @throws KicError `ngram/rows`, `ngram/labels`
 */
export const lessonOf = (
  rows: readonly NgramRow[],
  labels: readonly string[] = [...new Set(rows.map(({ label }) => label))].sort(),
): NgramLesson => {
  if (rows.length === 0) {
    throw ngramError(
      'ngram/rows',
      'trainNgramModel: there must be rows to learn from, received none. Give some.',
    )
  }
  const numberOf = new Map(labels.map((label, number) => [label, number]))
  if (labels.length < 2 || numberOf.size < labels.length) {
    throw ngramError(
      'ngram/labels',
      `trainNgramModel: there must be at least two different classes, received ${labels.slice(0, 20).join(', ')}. Give rows of other classes too, and each label once.`,
    )
  }
  const numbers = Int32Array.from(rows, ({ label }, row) => {
    const number = numberOf.get(label)
    if (number !== undefined) return number
    throw ngramError(
      'ngram/labels',
      `trainNgramModel: every row must have one of the given labels, received ${JSON.stringify(label)} in row ${row}. Leave such rows out, or add the label.`,
    )
  })
  return { texts: rows.map(({ text }) => text), numbers, labels }
}
