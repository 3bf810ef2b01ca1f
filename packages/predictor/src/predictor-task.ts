import type { Classification } from '@kic/classification'
import { ensembleMembers } from './ensemble/ensemble-members.ts'
import { readEnsemble } from './ensemble/read-ensemble.ts'
import { readModelFolder } from './model/model-folder.ts'
import type { Source } from './model/source.ts'

/** What a predictor answers, read without its weights. */
export interface PredictorTask {
  readonly kind: 'model' | 'ensemble'
  /** Names and ancestors of the codes. */
  readonly classification: Classification
  /** Names of the levels of predictions, coarsest first. */
  readonly levels: readonly string[]
}

/** @throws KicError as `readModelFolder` and `readEnsemble` */
export const taskOf = async (source: Source): Promise<PredictorTask> => {
  const ensemble = await readEnsemble(source)
  if (ensemble === undefined) {
    const { notes, tree } = await readModelFolder(source.files)
    return { kind: 'model', classification: notes.classification, levels: tree.levels }
  }
  const finest = ensembleMembers(ensemble, source.files).find((member) => member.finest)
  if (finest === undefined) throw new Error('an ensemble has a member of its finest level')
  const { notes } = await readModelFolder(finest.files)
  return {
    kind: 'ensemble',
    classification: notes.classification,
    levels: ensemble.levels.map(({ name }) => name),
  }
}
