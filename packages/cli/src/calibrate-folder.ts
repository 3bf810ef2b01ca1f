import type { LabelledText } from '@kic/predictor'
import type { Io } from './io.ts'
import { progressLine } from './progress-line.ts'

/**
 * Calibrates a folder's model and saves the calibration in the folder.
 *
 * @param on a description of the rows
 * @throws KicError as `loadPredictor`, `calibrate` and `saveCalibration`
 */
export const calibrateFolder = async (
  folder: string,
  rows: readonly LabelledText[],
  on: string,
  io: Io,
): Promise<void> => {
  const [{ calibrate }, { loadPredictor, saveCalibration }] = await Promise.all([
    import('@kic/predictor'),
    import('@kic/predictor/node'),
  ])
  const raw = await loadPredictor(folder)
  const progress = progressLine(io, 'calibrate')
  try {
    await saveCalibration(folder, await calibrate(raw, rows, on, progress.update))
  } finally {
    progress.end()
    await raw.dispose()
  }
}
