import { readModelFolder } from '../model/model-folder.ts'
import type { Calibration } from '../model/model-notes.ts'
import { filesIn } from '../model/node-files.ts'
import { saveNotes } from '../model/save-notes.ts'

/**
 * Writes a calibration into a model's folder, where every predictor finds it; what `kic.json` says beside stays.
 *
 * @throws KicError as `readModelFolder` (`predictor/notes` where the present file is not one), `core/write-failed`.
 */
export const saveCalibration = async (folder: string, calibration: Calibration): Promise<void> => {
  const { notes } = await readModelFolder(filesIn(folder))
  await saveNotes(folder, { ...notes, calibration })
}
