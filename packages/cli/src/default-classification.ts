import { ksic10, ksicScript } from '@kic/classification/ksic'
import type { ModelNotes, Script } from '@kic/predictor'

/** The classification that columns and labels are read by if no model and no option names one: KSIC rev. 10. */
export const defaultClassification = ksic10

/** The script of its descriptions. */
export const defaultScript: Script = ksicScript

/** The language of its descriptions (BCP 47). */
export const DEFAULT_LANGUAGE = 'ko'

/** What a model's folder without `kic.json` may be, if its labels fit. */
export const knownNotes: readonly ModelNotes[] = [
  { classification: defaultClassification, script: defaultScript },
]
