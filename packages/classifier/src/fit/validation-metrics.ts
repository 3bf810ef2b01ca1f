import type { PlacedParams } from '@kic/engine'
import { classificationScores } from '@kic/scores'
import type { Metrics, Predictions, Predictor } from '@kic/trainer'
import { checkPredictions } from './check-predictions.ts'
import type { LabelledTokenRows } from './fit-classifier.ts'

/** The metrics of `validationMetrics`. */
export const METRICS = ['loss', 'accuracy', 'macroF1', 'weightedF1'] as const
export type MetricName = (typeof METRICS)[number]

export const isMetric = (name: string): name is MetricName => METRICS.some((metric) => metric === name)

/**
 * A function for `evaluate.run` of a training. On validation rows it returns `loss` (mean cross-entropy, in nats),
 * `accuracy`, `macroF1` and `weightedF1`.
 *
 * @param predictor of the model that is trained; the caller disposes of it
 * @throws KicError `classifier/diverged` (from the function)
 */
export const validationMetrics =
  (
    predictor: Predictor,
    rows: LabelledTokenRows,
  ): ((params: PlacedParams) => Promise<Metrics & Record<MetricName, number>>) =>
  async (params) => {
    const predictions = checkPredictions('validationMetrics', await predictor(params, rows))
    const { accuracy, macroF1, weightedF1 } = classificationScores(predictions.labels(), rows.labels)
    return { loss: meanCrossEntropy(predictions, rows.labels), accuracy, macroF1, weightedF1 }
  }

/** A float32 softmax rounds smaller probabilities to 0. */
const LEAST = 1e-38

/** Rows whose class the model lacks are left out. */
const meanCrossEntropy = (predictions: Predictions, labels: ArrayLike<number>): number => {
  const { classes } = predictions
  const probabilities = predictions.probabilities()
  let [sum, count] = [0, 0]
  for (let row = 0; row < labels.length; row++) {
    const probability = probabilities[row * classes + (labels[row] ?? -1)]
    if ((labels[row] ?? -1) < 0 || probability === undefined) continue
    sum -= Math.log(Math.max(probability, LEAST))
    count++
  }
  return count === 0 ? Number.NaN : sum / count
}
