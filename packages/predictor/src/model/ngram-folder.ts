import { isKicError, KicError } from '@kic/core'
import type { NgramSettings } from '@kic/ngram'
import type { FolderOptions } from './folder-options.ts'
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
  const settings = inFolder(files.name, () => readNgramSettings(weights))
  const facts = await readTaskFacts(files, { names: settings.labels, place: NGRAM_FILE }, known)
  return { kind: 'ngram', name: files.name, ...facts, settings, weights }
}

/**
 * Adds the folder to errors about its n-gram model.
 *
 * @throws KicError with the code of whatever `read` throws
 */
export const inFolder = <T>(folder: string, read: () => T): T => {
  try {
    return read()
  } catch (cause) {
    if (!isKicError(cause)) throw cause
    throw new KicError(cause.code, `loadPredictor: ${NGRAM_FILE} in ${folder}: ${cause.message}`, { cause })
  }
}
