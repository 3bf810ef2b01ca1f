import type { Classification } from '@kic/classification'
import { ksic10 } from '@kic/classification/ksic'
import type { ModelNotes } from '@kic/predictor'

/** What a model's folder says of its classes. */
export const notesOfTask = (classification: Classification): ModelNotes => ({
  classification,
  script: classification.name === ksic10.name ? 'Hangul' : undefined,
})
