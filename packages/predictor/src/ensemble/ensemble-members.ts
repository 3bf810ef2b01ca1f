import { KicError } from '@kic/core'
import type { Ensemble } from '@kic/ensemble'
import type { PredictorErrorCode } from '../error-code.ts'
import type { ModelFiles } from '../model/model-files.ts'
import { filesBelow, sharedFiles } from '../model/source.ts'

/** A model that votes. */
export interface EnsembleMember {
  readonly name: string
  readonly files: ModelFiles
  /** Codes of its level, in the ensemble's order. */
  readonly labels: readonly string[]
  /** Whether it predicts the finest level. */
  readonly finest: boolean
}

/**
 * The models of an ensemble, in folders below its own.
 *
 * @throws KicError `predictor/ensemble-model` for a member without a model, which has stored predictions alone
 */
export const ensembleMembers = (
  { levels, members, files: places = {} }: Ensemble,
  folder: ModelFiles,
): readonly EnsembleMember[] => {
  const own = levels.at(-1)?.name
  const files = sharedFiles(folder, places)
  return members.map(({ name, level, model }) => {
    if (model === undefined) {
      throw new KicError<PredictorErrorCode>(
        'predictor/ensemble-model',
        `loadPredictor: every member of an ensemble must have a model, received '${name}' of ${folder.name} without one. ` +
          'Remove the member, or add the folder of its model as `model`.',
      )
    }
    const labels = levels.find((one) => one.name === level)?.labels ?? []
    return { name, files: filesBelow(files, model), labels, finest: level === own }
  })
}
