import { KicError } from '@kic/core'
import type { PredictorErrorCode } from '../error-code.ts'
import { KIND_FILES, KIND_NAMES } from './folder-kind.ts'
import { type ModelFiles, missingBecause } from './model-files.ts'

/** The error for a folder without the main file of a single model. */
export const noModel = async (files: ModelFiles): Promise<KicError> => {
  if ((await files.read(KIND_FILES.ensemble)) !== undefined) {
    return new KicError<PredictorErrorCode>(
      'predictor/ensemble-model',
      `loadPredictor: an ensemble cannot be a member or a part of another model, received ${files.name} with an ` +
        `${KIND_FILES.ensemble}. Use the models that it was made of.`,
    )
  }
  const { ensemble, ...models } = KIND_FILES
  const wanted = [
    `${models.network} (${KIND_NAMES.network})`,
    `${models.ngram} (${KIND_NAMES.ngram})`,
    `${models.reranked} (${KIND_NAMES.reranked})`,
  ].join(', ')
  return new KicError<PredictorErrorCode>(
    'predictor/config',
    `loadPredictor: the folder must have one of ${wanted} or ${ensemble} (${KIND_NAMES.ensemble}), received ${files.name} ` +
      `without them${missingBecause(files, Object.values(KIND_FILES))}. Use the folder of a saved model or of an ensemble.`,
  )
}
