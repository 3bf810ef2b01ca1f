import type { Ensemble } from '@kic/ensemble'
import type { FolderOptions } from '../model/folder-options.ts'
import { readJson } from '../model/model-files.ts'
import { readModelFolder } from '../model/model-folder.ts'
import { type ModelNotes, NOTES_FILE, parseNotes } from '../model/model-notes.ts'
import type { Source } from '../model/source.ts'
import { ensembleMembers } from './ensemble-members.ts'
import { ENSEMBLE_FILE } from './read-ensemble.ts'

/** Whether the source is a folder that is an ensemble, and not one of several `….json` files in a folder. */
export const isEnsembleFolder = ({ ensemble = ENSEMBLE_FILE }: Source): boolean => ensemble === ENSEMBLE_FILE

/**
 * The `kic.json` of an ensemble's folder; `undefined` if it has none.
 *
 * @throws KicError `predictor/notes`, `predictor/bad-json`
 */
export const ownNotes = async (source: Source): Promise<ModelNotes | undefined> => {
  if (!isEnsembleFolder(source)) return undefined
  const json = await readJson(source.files, NOTES_FILE)
  return json === undefined ? undefined : parseNotes(json)
}

/**
 * Classification, accepted texts and calibration of an ensemble: those of its own `kic.json`. Without the file,
 * classification and texts are those of its first member at the finest level.
 *
 * @throws KicError as `readModelFolder` and `ensembleMembers`
 */
export const ensembleNotes = async (
  source: Source,
  ensemble: Ensemble,
  options: FolderOptions,
): Promise<ModelNotes> => {
  const own = await ownNotes(source)
  if (own !== undefined) return own
  const finest = ensembleMembers(ensemble, source.files).find((member) => member.finest)
  if (finest === undefined) throw new Error('an ensemble has a member of its finest level')
  const { classification, script, letterless } = (await readModelFolder(finest.files, options)).notes
  return { classification, script, letterless }
}
