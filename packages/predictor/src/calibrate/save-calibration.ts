import { readModelFolder } from '../model/model-folder.ts'
import type { Calibration } from '../model/model-notes.ts'
import { filesIn } from '../model/node-files.ts'
import { saveNotes } from '../model/save-notes.ts'

/**
 * Saves a calibration in a model's folder, where every predictor finds it. Other content of `kic.json` stays.
 *
 * @throws KicError as `readModelFolder` (`predictor/notes` if the present file is invalid), `core/write-failed`
 */
export const saveCalibration = async (folder: string, calibration: Calibration): Promise<void> => {
  const { notes } = await readModelFolder(filesIn(folder))
  await saveNotes(folder, { ...notes, calibration })
}
