import type { Ensemble } from '@kic/ensemble'
import type { FolderOptions } from '../model/folder-options.ts'
import { type ModelFolder, readModelFolder } from '../model/model-folder.ts'
import type { ModelNotes } from '../model/model-notes.ts'
import { sourceIn } from '../model/node-source.ts'
import { ensembleMembers } from './ensemble-members.ts'
import { ensembleNotes } from './ensemble-notes.ts'
import { readEnsemble } from './read-ensemble.ts'

/** An ensemble's folder, before anything runs. */
export interface EnsembleFolder {
  readonly name: string
  readonly ensemble: Ensemble
  /** Classification, script and calibrations of the ensemble itself. */
  readonly notes: ModelNotes
  /** Folders of the models, in the order of the members. */
  readonly models: readonly ModelFolder[]
}

/**
 * Reads the folder of an ensemble.
 *
 * @returns `undefined` if the folder is a model's
 * @throws KicError `ensemble/file`, `predictor/ensemble-model`, and as `readModelFolder`
 */
export const readEnsembleFolder = async (
  folder: string,
  options: FolderOptions = {},
): Promise<EnsembleFolder | undefined> => {
  const source = await sourceIn(folder)
  const ensemble = await readEnsemble(source)
  if (ensemble === undefined) return undefined
  const members = ensembleMembers(ensemble, source.files)
  const [notes, models] = await Promise.all([
    ensembleNotes(source, ensemble, options),
    Promise.all(members.map(({ files }) => readModelFolder(files, options))),
  ])
  return { name: folder, ensemble, notes, models }
}
