/** Rows of few features that are not zero, one after the other (compressed sparse rows). */
export interface SparseRows {
  readonly rows: number
  readonly features: number
  /** Where each row begins in `indices` and `values`, and at last where they end; rows + 1. */
  readonly offsets: Uint32Array
  readonly indices: Uint32Array
  readonly values: Float64Array
}

export interface NgramRange {
  readonly shortest: number
  readonly longest: number
}

/**
 * The character n-grams of each word of a text, with a space before and behind the word, as often as they occur: what
 * scikit-learn calls `char_wb`. Letters are made small first.
 */
export function* wordNgrams(text: string, { shortest, longest }: NgramRange): Generator<string> {
  for (const word of text.toLowerCase().split(/\s+/u)) {
    if (word === '') continue
    const padded = Array.from(` ${word} `)
    for (let n = shortest; n <= longest; n++) {
      // A word shorter than n counts once, whole.
      const last = Math.max(0, padded.length - n)
      for (let i = 0; i <= last; i++) yield padded.slice(i, i + n).join('')
      if (last === 0) break
    }
  }
}

/**
 * Learns which n-grams occur in texts and how rare they are, and turns texts into rows of length 1: (1 + ln count) ·
 * (1 + ln((1 + texts) / (1 + texts with it))). Unknown n-grams do not count. As scikit-learn's TfidfVectorizer with
 * `analyzer='char_wb'` and `sublinear_tf=True`.
 */
export const ngramWeighting = (
  texts: readonly string[],
  range: NgramRange,
): ((texts: readonly string[]) => SparseRows) => {
  const numbers = new Map<string, number>()
  const documents: number[] = []
  for (const text of texts) {
    for (const ngram of new Set(wordNgrams(text, range))) {
      const number = numbers.get(ngram) ?? numbers.size
      numbers.set(ngram, number)
      documents[number] = (documents[number] ?? 0) + 1
    }
  }
  const rarity = Float64Array.from(documents, (count) => 1 + Math.log((1 + texts.length) / (1 + count)))
  return (rows) => {
    const offsets = new Uint32Array(rows.length + 1)
    const indices: number[] = []
    const values: number[] = []
    rows.forEach((text, row) => {
      const counts = new Map<number, number>()
      for (const ngram of wordNgrams(text, range)) {
        const number = numbers.get(ngram)
        if (number !== undefined) counts.set(number, (counts.get(number) ?? 0) + 1)
      }
      const weighted = [...counts].map(
        ([number, count]) => [number, (1 + Math.log(count)) * (rarity[number] ?? 0)] as const,
      )
      const norm = Math.hypot(...weighted.map(([, value]) => value)) || 1
      for (const [number, value] of weighted) {
        indices.push(number)
        values.push(value / norm)
      }
      offsets[row + 1] = indices.length
    })
    return {
      rows: rows.length,
      features: numbers.size,
      offsets,
      indices: Uint32Array.from(indices),
      values: Float64Array.from(values),
    }
  }
}
