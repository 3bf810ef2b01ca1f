import type { FolderOptions } from './folder-options.ts'
import { CONFIG_FILE } from './model-config.ts'
import type { ModelFiles } from './model-files.ts'
import { type NetworkFolder, readNetworkFolder } from './network-folder.ts'
import { NGRAM_FILE, type NgramFolder, readNgramFolder } from './ngram-folder.ts'
import { readOnce } from './source.ts'

/** A model's folder, before anything runs. */
export type ModelFolder = NetworkFolder | NgramFolder

/**
 * Classes, preparation, notes and text settings of a folder. A network's weights are not read.
 *
 * @throws KicError `predictor/config`, `predictor/no-tokenizer`, `predictor/labels`, `predictor/notes`,
 * `predictor/bad-json`, `data/preparation`, `ngram/file`, and as `createTokenizer`
 */
export const readModelFolder = async (
  given: ModelFiles,
  options: FolderOptions = {},
): Promise<ModelFolder> => {
  const files = readOnce(given, CONFIG_FILE)
  const weights = await ngramWeights(files)
  return weights === undefined ? readNetworkFolder(files, options) : readNgramFolder(files, weights, options)
}

/** The bytes of an n-gram model's file; `undefined` for a network, whose folder has a `config.json`. */
export const ngramWeights = async (files: ModelFiles): Promise<Uint8Array | undefined> =>
  (await files.read(CONFIG_FILE)) === undefined ? files.read(NGRAM_FILE) : undefined
