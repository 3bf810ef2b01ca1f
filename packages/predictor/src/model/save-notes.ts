import { saveFiles } from '@kic/core/node'
import { encodeNotes } from './encode-notes.ts'
import type { ModelNotes } from './model-notes.ts'

/**
 * Writes `kic.json` into a model's folder: the classification of its labels and its calibration.
 *
 * @throws KicError `core/write-failed`
 */
export const saveNotes = (folder: string, notes: ModelNotes): Promise<void> =>
  saveFiles(folder, encodeNotes(notes))
