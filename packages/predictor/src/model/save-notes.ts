import { join } from 'node:path'
import { writeFileAtomic } from '@kic/core/node'
import { type ModelNotes, NOTES_FILE, notesJson } from './model-notes.ts'

/**
 * Writes `kic.json` into a model's folder: the classification of its labels and its calibration.
 *
 * @throws KicError `core/write-failed`
 */
export const saveNotes = (folder: string, notes: ModelNotes): Promise<void> =>
  writeFileAtomic(join(folder, NOTES_FILE), `${JSON.stringify(notesJson(notes))}\n`)
