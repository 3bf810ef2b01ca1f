import { isKicError } from '@kic/core'
import { calibrate, type LabelledText } from '@kic/predictor'
import { loadPredictor, saveCalibration } from '@kic/predictor/node'

/**
 * Fits a saved classifier's temperature and validation curve on rows that it did not learn from, and writes them into its
 * folder.
 *
 * @param on the rows, in words
 * @param onRows receives the number of rows computed
 * @throws KicError as `loadPredictor`, `calibrate` and `saveCalibration`
 */
export const calibrateClassifier = async (
  folder: string,
  rows: readonly LabelledText[],
  on: string,
  onRows?: (computed: number) => void,
): Promise<void> => {
  const raw = await loadPredictor(folder)
  try {
    await saveCalibration(folder, await calibrate(raw, rows, on, onRows))
  } finally {
    await raw.dispose()
  }
}

/** The same, but says whether it could be done: of few rows, all that were kept may be of words that the others do not have. */
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
