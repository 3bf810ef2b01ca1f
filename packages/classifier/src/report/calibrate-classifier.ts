import { isKicError } from '@kic/core'
import { calibrate, guarantee, type LabelledText } from '@kic/predictor'
import { loadPredictor, type SaveCalibrationOptions, saveCalibration } from '@kic/predictor/node'
import { classifierError } from '../classifier-error.ts'

export interface CalibrateClassifierOptions extends SaveCalibrationOptions {
  /**
   * Leaves temperature and validation curve as they are, so that all rows make guarantees; the rows must not have fitted
   * them.
   */
  readonly keepTemperature?: boolean | undefined
  /** Receives reasons not to trust the fitted temperature, in sentences. */
  readonly warn?: ((doubt: string) => void) | undefined
  /** Aborts the call with the signal's reason; the folder stays as it is. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Fits temperature and validation curve of a saved classifier or ensemble on rows that it did not learn from, makes its
 * guarantees if the rows suffice, and writes all into its folder.
 *
 * @param on a description of the rows
 * @param onRows called with the number of computed rows
 * @param options as in `loadPredictor`, for a folder without `kic.json`; the budget of an ensemble; `keepTemperature`, `warn` and
 * `signal`
 * @throws KicError `classifier/not-calibrated` if a temperature is to be kept that the folder lacks; `classifier/few-rows` if the
 * folder would lose its guarantees; and as `loadPredictor`,
 * `calibrate` and `saveCalibration`
 */
export const calibrateClassifier = async (
  folder: string,
  rows: readonly LabelledText[],
  on: string,
  onRows?: (computed: number) => void,
  { keepTemperature = false, warn, signal, ...options }: CalibrateClassifierOptions = {},
): Promise<void> => {
  const predictor = await loadPredictor(folder, options)
  try {
    const before = predictor.info.calibration
    if (keepTemperature && before === undefined) {
      throw classifierError(
        'classifier/not-calibrated',
        `calibrateClassifier: keepTemperature needs a calibrated model, received ${folder} without a temperature. Leave it out.`,
      )
    }
    const calibration =
      keepTemperature && before !== undefined
        ? { ...before, guarantees: await guarantee(predictor, rows, on, onRows, { signal }) }
        : await calibrate(predictor, rows, on, onRows, { warn, signal })
    if (before?.guarantees !== undefined && calibration.guarantees === undefined) {
      throw classifierError(
        'classifier/few-rows',
        `calibrateClassifier: rows must be enough for guarantees, because the model has some (${before.guarantees.on}) and would ` +
          `lose them, received ${rows.length} rows. Give about 200 labelled rows or more, or use keepTemperature (--keep-temperature).`,
      )
    }
    signal?.throwIfAborted()
    await saveCalibration(folder, calibration, options)
  } finally {
    await predictor.dispose()
  }
}

/** The same, but returns false if the model can use less than two of the rows: few rows may contain only unknown words. */
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
