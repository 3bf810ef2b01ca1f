import type { Hierarchy } from '@kic/classification'
import { ksic10 } from '@kic/classification/ksic'
import type { ModelNotes } from '@kic/predictor'

/** What a model's folder says of its classes. */
export const notesOfTask = (hierarchy: Hierarchy): ModelNotes => ({
  hierarchy,
  script: hierarchy.name === ksic10.name ? 'Hangul' : undefined,
})
