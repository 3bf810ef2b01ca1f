import type { FolderFiles } from '@kic/core'
import { type ModelNotes, NOTES_FILE, notesJson } from './model-notes.ts'

/** `kic.json` of a model's folder: the classification of its labels and its calibration. */
export const encodeNotes = (notes: ModelNotes): FolderFiles =>
  new Map([[NOTES_FILE, `${JSON.stringify(notesJson(notes))}\n`]])
