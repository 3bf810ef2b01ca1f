import type { Classification } from '@kic/classification'
import { ensembleMembers } from './ensemble/ensemble-members.ts'
import { ensembleNotes } from './ensemble/ensemble-notes.ts'
import { readEnsemble } from './ensemble/read-ensemble.ts'
import type { FolderOptions } from './model/folder-options.ts'
import { CONFIG_FILE } from './model/model-config.ts'
import { readModelFolder } from './model/model-folder.ts'
import type { Source } from './model/source.ts'
import { RERANK_FILE } from './rerank/rerank-file.ts'

/** What a predictor answers, read without its weights. */
export interface PredictorTask {
  readonly kind: 'model' | 'ensemble'
  /** Names and ancestors of the codes. */
  readonly classification: Classification
  /** Names of the levels of predictions, coarsest first. */
  readonly levels: readonly string[]
  /** Whether some model runs on ONNX Runtime. */
  readonly needsRuntime: boolean
}

/** @throws KicError as `readModelFolder` and `readEnsemble` */
export const taskOf = async (source: Source, options: FolderOptions = {}): Promise<PredictorTask> => {
  const ensemble = await readEnsemble(source)
  if (ensemble === undefined) {
    const { kind, notes, tree } = await readModelFolder(source.files, options)
    return {
      kind: 'model',
      classification: notes.classification,
      levels: tree.levels,
      needsRuntime: kind !== 'ngram',
    }
  }
  const members = ensembleMembers(ensemble, source.files)
  const notes = await ensembleNotes(source, ensemble, options)
  const networks = members.flatMap(({ files }) => [files.read(CONFIG_FILE), files.read(RERANK_FILE)])
  return {
    kind: 'ensemble',
    classification: notes.classification,
    levels: ensemble.levels.map(({ name }) => name),
    needsRuntime: (await Promise.all(networks)).some((file) => file !== undefined),
  }
}
