import { loadSafetensors, saveSafetensors } from '@kic/safetensors/node'
import { metadataOf, settingsOfFile } from './ngram-file.ts'
import type { NgramModel } from './ngram-model.ts'
import { ngramModelOf } from './ngram-model-of.ts'

/**
 * Writes a model with its settings as one safetensors file, which appears whole.
 *
 * @throws KicError `core/write-failed`
 */
export const saveNgramModel = (path: string, { settings, tensors }: NgramModel): Promise<void> =>
  saveSafetensors(path, tensors, metadataOf(settings))

/**
 * The model that `saveNgramModel` wrote.
 *
 * @throws KicError `ngram/file`, and as `loadSafetensors`
 */
export const loadNgramModel = async (path: string): Promise<NgramModel> => {
  const { tensors, metadata } = await loadSafetensors(path)
  return ngramModelOf(settingsOfFile(metadata), tensors)
}
