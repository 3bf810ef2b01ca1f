import type { Predictions } from '@kic/trainer'
import { classifierError } from '../classifier-error.ts'

/**
 * Checks a model's predictions. The last update of a diverging training leaves finite loss and gradient, and parameters
 * that are of no use.
 *
 * @throws KicError `classifier/diverged`
 */
export const checkPredictions = (caller: string, predictions: Predictions): Predictions => {
  const at = predictions.logits.findIndex((logit) => !Number.isFinite(logit))
  if (at < 0) return predictions
  throw classifierError(
    'classifier/diverged',
    `${caller}: a model's logits must be finite, received ${predictions.logits[at]} in row ${Math.floor(at / predictions.classes) + 1}: ` +
      'the training has diverged. Lower the learning rate, or clip with optimizer.maxGradNorm.',
  )
}
