import { isKicError } from '@kic/core'
import { calibrate, type LabelledText } from '@kic/predictor'
import { loadPredictor, type SaveCalibrationOptions, saveCalibration } from '@kic/predictor/node'

/**
 * Fits temperature and validation curve of a saved classifier or ensemble on rows that it did not learn from, and writes them
 * into its folder.
 *
 * @param on a description of the rows
 * @param onRows called with the number of computed rows; each row is computed twice
 * @param options as in `loadPredictor`, for a folder without `kic.json`; and the budget of an ensemble
 * @throws KicError as `loadPredictor`, `calibrate` and `saveCalibration`
 */
export const calibrateClassifier = async (
  folder: string,
  rows: readonly LabelledText[],
  on: string,
  onRows?: (computed: number) => void,
  options: SaveCalibrationOptions = {},
): Promise<void> => {
  const raw = await loadPredictor(folder, options)
  try {
    await saveCalibration(folder, await calibrate(raw, rows, on, onRows), options)
  } finally {
    await raw.dispose()
  }
}

/** The same, but returns false if the model can use none of the rows: few rows may contain only unknown words. */
export const calibrateIfUsable = async (
  ...args: Parameters<typeof calibrateClassifier>
): Promise<boolean> => {
  try {
    await calibrateClassifier(...args)
    return true
  } catch (error) {
    if (isKicError(error) && error.code === 'predictor/calibration-rows') return false
    throw error
  }
}
