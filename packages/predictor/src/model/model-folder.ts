import { RERANK_FILE } from '../rerank/rerank-file.ts'
import { type RerankedFolder, readRerankedFolder } from '../rerank/reranked-folder.ts'
import type { FolderOptions } from './folder-options.ts'
import { CONFIG_FILE } from './model-config.ts'
import type { ModelFiles } from './model-files.ts'
import { type NetworkFolder, readNetworkFolder } from './network-folder.ts'
import { NGRAM_FILE, type NgramFolder, readNgramFolder } from './ngram-folder.ts'
import { noModel } from './no-model.ts'
import { readOnce } from './source.ts'

/** A model's folder, before anything runs. */
export type ModelFolder = NetworkFolder | NgramFolder | RerankedFolder

/**
 * Classes, preparation, notes and text settings of a folder. A network's weights are not read.
 *
 * @throws KicError `predictor/config`, `predictor/no-tokenizer`, `predictor/labels`, `predictor/notes`,
 * `predictor/bad-json`, `predictor/rerank`, `data/preparation`, `ngram/file`, and as `createTokenizer`;
 * `predictor/ensemble-model` for the folder of an ensemble
 */
export const readModelFolder = async (
  given: ModelFiles,
  options: FolderOptions = {},
): Promise<ModelFolder> => {
  const files = readOnce(readOnce(given, CONFIG_FILE), NGRAM_FILE)
  const { rerank } = await mainFiles(files)
  return rerank === undefined
    ? readSingleModel(files, options)
    : readRerankedFolder(files, rerank, options, readSingleModel)
}

const readSingleModel = async (
  files: ModelFiles,
  options: FolderOptions,
): Promise<NetworkFolder | NgramFolder> => {
  const { ngram } = await mainFiles(files)
  return ngram === undefined ? readNetworkFolder(files, options) : readNgramFolder(files, ngram, options)
}

/**
 * The bytes of the file that tells a folder's kind; none for a network, whose folder has a `config.json`.
 *
 * @throws KicError `predictor/config`, or `predictor/ensemble-model` for the folder of an ensemble
 */
export const mainFiles = async (
  files: ModelFiles,
): Promise<{ readonly ngram?: Uint8Array | undefined; readonly rerank?: Uint8Array | undefined }> => {
  if ((await files.read(CONFIG_FILE)) !== undefined) return {}
  const ngram = await files.read(NGRAM_FILE)
  if (ngram !== undefined) return { ngram }
  const rerank = await files.read(RERANK_FILE)
  if (rerank !== undefined) return { rerank }
  throw await noModel(files)
}
