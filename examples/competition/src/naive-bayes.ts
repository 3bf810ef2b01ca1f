import { hash32 } from '@kic/core'

/** Buckets that character n-grams are hashed into. */
const BUCKETS = 1 << 16
const SMOOTHING = 0.05

/** Character 1- to 3-grams of a text without spaces, as bucket numbers. */
const features = (text: string): number[] => {
  const marked = `^${text.replace(/\s+/g, '')}$`
  const found: number[] = []
  for (let n = 1; n <= 3; n++) {
    for (let i = 0; i + n <= marked.length; i++) found.push(hash32(marked.slice(i, i + n)) % BUCKETS)
  }
  return found
}

/**
 * Multinomial naive Bayes on character n-grams (McCallum & Nigam 1998): the simple baseline that a trained transformer
 * has to beat. Returns a function from texts to class numbers.
 *
 * @param labels a class number for each text
 */
export const trainNaiveBayes = (
  texts: readonly string[],
  labels: Int32Array,
  classes: number,
): ((texts: readonly string[]) => Int32Array) => {
  const counts = new Float32Array(BUCKETS * classes)
  const totals = new Float64Array(classes)
  const documents = new Float64Array(classes)
  texts.forEach((text, i) => {
    const label = labels[i] ?? 0
    documents[label] = (documents[label] ?? 0) + 1
    for (const feature of features(text)) {
      const at = feature * classes + label
      counts[at] = (counts[at] ?? 0) + 1
      totals[label] = (totals[label] ?? 0) + 1
    }
  })
  const prior = documents.map((n) => Math.log((n + 1) / (texts.length + classes)))
  const normaliser = totals.map((n) => Math.log(n + SMOOTHING * BUCKETS))
  const classify = (text: string): number => {
    const scores = Float64Array.from(prior)
    for (const feature of features(text)) {
      for (let c = 0; c < classes; c++) {
        const count = counts[feature * classes + c] ?? 0
        scores[c] = (scores[c] ?? 0) + Math.log(count + SMOOTHING) - (normaliser[c] ?? 0)
      }
    }
    return scores.reduce((best, score, c) => (score > (scores[best] ?? 0) ? c : best), 0)
  }
  return (unseen) => Int32Array.from(unseen, classify)
}
