import type { LoadPredictorOptions, Predictor } from '@kic/predictor'
import { loadPredictor } from '@kic/predictor/node'

/** A loaded classifier; see `Predictor` of `@kic/predictor`. */
export type Classifier = Predictor

/**
 * Loads the classifier that `trainClassifier` wrote.
 *
 * @throws KicError as `loadPredictor` of `@kic/predictor/node`
 */
export const loadClassifier = (folder: string, options?: LoadPredictorOptions): Promise<Classifier> =>
  loadPredictor(folder, options)
