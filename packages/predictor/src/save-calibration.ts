import { join } from 'node:path'
import { writeFileAtomic } from '@kic/core/node'
import { readJson } from './model-files.ts'
import { type Calibration, defaultNotes, NOTES_FILE, notesJson, parseNotes } from './model-notes.ts'
import { filesIn } from './node-files.ts'

/**
 * Writes a calibration into a model's folder, where every predictor finds it; what `kic.json` says beside stays.
 *
 * @throws KicError `predictor/notes` where the present file is not one, `core/write-failed`.
 */
export const saveCalibration = async (folder: string, calibration: Calibration): Promise<void> => {
  const present = await readJson(filesIn(folder), NOTES_FILE)
  const notes = present === undefined ? defaultNotes : parseNotes(present)
  await writeFileAtomic(join(folder, NOTES_FILE), `${JSON.stringify(notesJson({ ...notes, calibration }))}\n`)
}
