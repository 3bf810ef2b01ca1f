import type { LabelledText } from '@kic/predictor'
import type { Io } from './io.ts'
import { progressLine } from './progress-line.ts'

/**
 * Calibrates the model of a folder and writes that into it.
 *
 * @param on the rows, in words
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
