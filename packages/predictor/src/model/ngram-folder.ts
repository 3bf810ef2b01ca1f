import type { NgramSettings } from '@kic/ngram'
import type { FolderOptions } from './folder-options.ts'
import { inFile } from './in-file.ts'
import type { ModelFiles } from './model-files.ts'
import { readTaskFacts, type TaskFacts } from './task-facts.ts'

/** The file of an n-gram model. */
export const NGRAM_FILE = 'ngram.safetensors'

/** The folder of an n-gram model, whose file is read and not yet opened. */
export interface NgramFolder extends TaskFacts {
  readonly kind: 'ngram'
  readonly name: string
  readonly settings: NgramSettings
  /** The content of `ngram.safetensors`. */
  readonly weights: Uint8Array
}

/** @throws KicError as `readModelFolder` */
export const readNgramFolder = async (
  files: ModelFiles,
  weights: Uint8Array,
  { known = [] }: FolderOptions,
): Promise<NgramFolder> => {
  const { readNgramSettings } = await import('@kic/ngram')
  const settings = inNgramFile(files.name, () => readNgramSettings(weights))
  const facts = await readTaskFacts(files, { names: settings.labels, place: NGRAM_FILE }, known)
  return { kind: 'ngram', name: files.name, ...facts, settings, weights }
}

/**
 * Adds the file and its folder to errors about an n-gram model.
 *
 * @throws KicError with the code of whatever `read` throws
 */
export const inNgramFile = <T>(folder: string, read: () => T): T =>
  inFile({ caller: 'loadPredictor', path: NGRAM_FILE, folder }, read)
