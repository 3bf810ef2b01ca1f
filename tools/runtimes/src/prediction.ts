import { defined } from '@kic/core'
import { argMaxRows, softmaxRows } from '@kic/scores'

/** A classifier's prediction for a text. */
export interface Prediction {
  readonly label: string
  /** Probability of the label. */
  readonly score: number
}

/** The most probable label of each row of logits [N, C]. */
export const predictionsOf = (logits: Float32Array, labels: readonly string[]): Prediction[] => {
  const [classes, probabilities] = [labels.length, softmaxRows(logits, labels.length)]
  return Array.from(argMaxRows(logits, classes), (top, row) => ({
    label: defined(labels[top]),
    score: probabilities[row * classes + top] ?? Number.NaN,
  }))
}

/** How two lists of predictions for the same texts differ. */
export interface Difference {
  readonly texts: number
  /** Texts with another label, or none. */
  readonly otherLabels: number
  /** Largest difference of the scores of equal labels. */
  readonly largestScore: number
}

export const differenceOf = (actual: readonly Prediction[], expected: readonly Prediction[]): Difference => {
  let [otherLabels, largestScore] = [Math.abs(actual.length - expected.length), 0]
  expected.forEach(({ label, score }, i) => {
    const other = actual[i]
    if (other === undefined) return
    if (other.label !== label) otherLabels++
    else if (!(Math.abs(other.score - score) <= largestScore)) largestScore = Math.abs(other.score - score)
  })
  return { texts: expected.length, otherLabels, largestScore }
}

/** Share of the texts with their true label. */
export const accuracyOf = (predictions: readonly Prediction[], truth: readonly string[]): number =>
  predictions.filter(({ label }, i) => label === truth[i]).length / truth.length
