import { type Hierarchy, ksic10 } from '@kic/data'
import type { ModelNotes } from '@kic/predictor'

/** What a model's folder says of its classes. */
export const notesOfTask = (hierarchy: Hierarchy): ModelNotes => ({
  hierarchy,
  script: hierarchy.name === ksic10.name ? 'Hangul' : undefined,
})
