import { dirname } from 'node:path'
import { KicError } from '@kic/core'
import type { BudgetName } from '@kic/ensemble'
import { calibratedBudget } from '../ensemble/calibrated-budget.ts'
import { ensembleNotes, isEnsembleFolder } from '../ensemble/ensemble-notes.ts'
import { readEnsemble } from '../ensemble/read-ensemble.ts'
import type { PredictorErrorCode } from '../error-code.ts'
import type { FolderOptions } from '../model/folder-options.ts'
import { readModelFolder } from '../model/model-folder.ts'
import type { Calibration } from '../model/model-notes.ts'
import { sourceIn } from '../model/node-source.ts'
import { saveNotes } from '../model/save-notes.ts'

export interface SaveCalibrationOptions extends FolderOptions {
  /** The budget of an ensemble that the calibration is of. */
  readonly budget?: BudgetName | undefined
}

/**
 * Saves a calibration in the folder of a model or an ensemble, where every predictor finds it. Other content of `kic.json`
 * stays.
 *
 * @param options `known` as of `readModelFolder`, for a folder without `kic.json`
 * @throws KicError as `readModelFolder` (`predictor/notes` if the present file is invalid), `core/write-failed`;
 * `predictor/calibrate-ensemble` for an ensemble's file that is not the `ensemble.json` of a folder
 */
export const saveCalibration = async (
  folder: string,
  calibration: Calibration,
  { budget, ...options }: SaveCalibrationOptions = {},
): Promise<void> => {
  const source = await sourceIn(folder)
  const ensemble = await readEnsemble(source)
  if (ensemble === undefined) {
    const { notes } = await readModelFolder(source.files, options)
    return saveNotes(folder, { ...notes, calibration })
  }
  if (!isEnsembleFolder(source)) {
    throw new KicError<PredictorErrorCode>(
      'predictor/calibrate-ensemble',
      `saveCalibration: an ensemble must be the ensemble.json of its folder, received ${folder}. Pack it with \`kic ensemble create\`.`,
    )
  }
  const notes = await ensembleNotes(source, ensemble, options)
  const own = calibratedBudget(ensemble, budget)
  const changed =
    own === undefined
      ? { ...notes, calibration }
      : { ...notes, budgets: { ...notes.budgets, [own]: calibration } }
  await saveNotes(source.ensemble === undefined ? folder : dirname(folder), changed)
}
