import { readModelFolder } from './load-model.ts'
import type { Calibration } from './model-notes.ts'
import { filesIn } from './node-files.ts'
import { saveNotes } from './save-notes.ts'

/**
 * Writes a calibration into a model's folder, where every predictor finds it; what `kic.json` says beside stays.
 *
 * @throws KicError as `readModelFolder` (`predictor/notes` where the present file is not one), `core/write-failed`.
 */
export const saveCalibration = async (folder: string, calibration: Calibration): Promise<void> => {
  const { notes } = await readModelFolder(filesIn(folder))
  await saveNotes(folder, { ...notes, calibration })
}
