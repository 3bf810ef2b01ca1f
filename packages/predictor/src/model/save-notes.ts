import { join } from 'node:path'
import { writeFileAtomic } from '@kic/core/node'
import { type ModelNotes, NOTES_FILE, notesJson } from './model-notes.ts'

/**
 * Writes `kic.json` into a model's folder: what its labels are, and how far it can be relied on.
 *
 * @throws KicError `core/write-failed`
 */
export const saveNotes = (folder: string, notes: ModelNotes): Promise<void> =>
  writeFileAtomic(join(folder, NOTES_FILE), `${JSON.stringify(notesJson(notes))}\n`)
