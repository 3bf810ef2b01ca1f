import type { ModelNotes } from './model-notes.ts'

/** What the caller knows about folders. */
export interface FolderOptions {
  /** Notes that may be those of a folder without `kic.json`, by its labels; by default labels are the model's own. */
  readonly known?: readonly ModelNotes[] | undefined
}
