import { join } from 'node:path'
import { writeFileAtomic, writeFolderAtomic } from '@kic/core/node'
import { savePreparation } from '@kic/data/node'
import { defaultPreparation, type TextPreparation } from '@kic/data/prepare'
import type { NgramModel } from '@kic/ngram'
import { checkModelFolder } from './check-model-folder.ts'
import { type CardFacts, cardOf } from './model-card.ts'
import type { ModelNotes } from './model-notes.ts'
import { NGRAM_FILE } from './ngram-folder.ts'
import { saveNotes } from './save-notes.ts'

/** An n-gram model and what predictors need beside it. */
export interface NgramFolderContent {
  readonly model: NgramModel
  /** Classification, script and calibration. The model's labels are codes of one of its levels. */
  readonly notes: ModelNotes
  /** How its training texts were prepared; default: as everywhere. */
  readonly preparation?: TextPreparation | undefined
  /** For `README.md`. */
  readonly card?: CardFacts | undefined
}

/**
 * Writes an n-gram model as a folder that `loadPredictor` takes like any other: `ngram.safetensors`, `preparation.json`,
 * `kic.json` and `README.md`. Readers see the complete old folder or the complete new one.
 *
 * @throws KicError `predictor/folder` for the folder of another kind of model, `core/write-failed`
 */
export const saveNgramFolder = async (
  folder: string,
  { model, notes, preparation = defaultPreparation, card = {} }: NgramFolderContent,
): Promise<void> => {
  await checkModelFolder('saveNgramFolder', folder, 'ngram')
  const { saveNgramModel } = await import('@kic/ngram/node')
  await writeFolderAtomic(folder, async (at) => {
    await saveNgramModel(join(at, NGRAM_FILE), model)
    await savePreparation(at, preparation)
    await saveNotes(at, notes)
    await writeFileAtomic(join(at, 'README.md'), cardOf('n-gram model', describeNgrams(model), card))
  })
}

/** A nearest-neighbour model is its training texts. */
export const KEEPS_TEXTS =
  'It keeps its training texts with their codes, and explanations show the nearest ones: whoever has this folder can read them.'

const describeNgrams = ({ settings, parameters }: NgramModel): string =>
  `A ${settings.model} on character n-grams, ${settings.labels.length} classes, ` +
  `${parameters.toLocaleString('en')} parameters.` +
  (settings.model === 'nearest' ? ` ${KEEPS_TEXTS}` : '')
