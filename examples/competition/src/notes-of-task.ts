import type { Classification } from '@kic/classification'
import { ksic10, ksic10Occurring, ksicScript } from '@kic/classification/ksic'
import type { ModelNotes } from '@kic/predictor'

/** Notes on the classes for a model's folder. The part of KSIC that occurs in the rows counts as the whole of KSIC. */
export const notesOfTask = (classification: Classification): ModelNotes =>
  [ksic10.name, ksic10Occurring.name].includes(classification.name)
    ? { classification: ksic10, script: ksicScript }
    : { classification, script: undefined }
