import { hash32 } from '@kic/core'

/** Buckets that character n-grams are hashed into. */
export const NAIVE_BAYES_FEATURES = 1 << 16
const SMOOTHING = 0.05

/** Character 1- to 3-grams of a text without spaces, as bucket numbers. */
const features = (text: string): number[] => {
  const marked = `^${text.replace(/\s+/g, '')}$`
  const found: number[] = []
  for (let n = 1; n <= 3; n++) {
    for (let i = 0; i + n <= marked.length; i++)
      found.push(hash32(marked.slice(i, i + n)) % NAIVE_BAYES_FEATURES)
  }
  return found
}

/**
 * Multinomial naive Bayes on character n-grams (McCallum & Nigam 1998): the simple baseline that a trained transformer
 * has to beat. Returns a function from texts to log-probabilities [N, C], row by row, each row less its largest.
 *
 * @param labels a class number for each text
 */
export const trainNaiveBayes = (
  texts: readonly string[],
  labels: Int32Array,
  classes: number,
): ((texts: readonly string[]) => Float32Array) => {
  const weights = new Float32Array(NAIVE_BAYES_FEATURES * classes) // counts at first
  const totals = new Float64Array(classes)
  const documents = new Float64Array(classes)
  texts.forEach((text, i) => {
    const label = labels[i] ?? 0
    documents[label] = (documents[label] ?? 0) + 1
    for (const feature of features(text)) {
      const at = feature * classes + label
      weights[at] = (weights[at] ?? 0) + 1
      totals[label] = (totals[label] ?? 0) + 1
    }
  })
  const prior = documents.map((n) => Math.log((n + 1) / (texts.length + classes)))
  const normaliser = totals.map((n) => Math.log(n + SMOOTHING * NAIVE_BAYES_FEATURES))
  for (let at = 0; at < weights.length; at++) {
    weights[at] = Math.log((weights[at] ?? 0) + SMOOTHING) - (normaliser[at % classes] ?? 0)
  }
  return (unseen) => {
    const scores = new Float32Array(unseen.length * classes)
    for (const [row, text] of unseen.entries()) {
      const sums = Float64Array.from(prior)
      for (const feature of features(text)) {
        for (let c = 0; c < classes; c++) sums[c] = (sums[c] ?? 0) + (weights[feature * classes + c] ?? 0)
      }
      const most = sums.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
      for (let c = 0; c < classes; c++) scores[row * classes + c] = (sums[c] ?? 0) - most
    }
    return scores
  }
}
