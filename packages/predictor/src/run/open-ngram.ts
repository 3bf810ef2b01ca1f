import { similarText } from '../explain/similar-text.ts'
import type { FolderOptions } from '../model/folder-options.ts'
import type { ModelFiles } from '../model/model-files.ts'
import { inNgramFile, readNgramFolder } from '../model/ngram-folder.ts'
import type { OpenedModel } from '../model/opened-model.ts'
import { ngramScorer } from './ngram-scorer.ts'

/** @throws KicError `ngram/file`, and as `openModel` */
export const openNgram = async (
  files: ModelFiles,
  weights: Uint8Array,
  options: FolderOptions,
): Promise<OpenedModel> => {
  const [folder, { readNgramModel }] = await Promise.all([
    readNgramFolder(files, weights, options),
    import('@kic/ngram'),
  ])
  const { name, tree, notes, preparation, warnings } = folder
  const model = inNgramFile(name, () => readNgramModel(weights))
  const { neighbours } = model
  return {
    name,
    tree,
    notes,
    preparation,
    warnings,
    info: { kind: 'ngram', name },
    contributions: model.contributions,
    examples: neighbours && (async (text, count) => neighbours(text, count).map(similarText)),
    createScorer: () => ngramScorer(folder, model),
    release: async () => undefined,
  }
}
