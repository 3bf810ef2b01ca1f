import type { FolderOptions } from '../model/folder-options.ts'
import { type ModelFiles, parseJson } from '../model/model-files.ts'
import { type NetworkFolder, readNetworkFolder } from '../model/network-folder.ts'
import type { NgramFolder } from '../model/ngram-folder.ts'
import { filesBelow } from '../model/source.ts'
import { readTaskFacts, type TaskFacts } from '../model/task-facts.ts'
import {
  PAIRS_FOLDER,
  parseRerank,
  RERANK_FILE,
  RETRIEVER_FOLDER,
  type RerankSettings,
  rerankError,
} from './rerank-file.ts'

/** The folder of a model whose best classes a pair model reorders. */
export interface RerankedFolder extends TaskFacts {
  readonly kind: 'reranked'
  readonly name: string
  readonly settings: RerankSettings
  readonly retriever: NetworkFolder | NgramFolder
  readonly pairs: NetworkFolder
}

/**
 * @param bytes of `rerank.json`
 * @param readRetriever reads the folder of a model that is not re-ranked itself
 * @throws KicError `predictor/rerank`, and as `readModelFolder`
 */
export const readRerankedFolder = async (
  files: ModelFiles,
  bytes: Uint8Array,
  options: FolderOptions,
  readRetriever: (files: ModelFiles, options: FolderOptions) => Promise<NetworkFolder | NgramFolder>,
): Promise<RerankedFolder> => {
  const [retriever, pairs] = await Promise.all([
    readRetriever(filesBelow(files, RETRIEVER_FOLDER), options),
    readNetworkFolder(filesBelow(files, PAIRS_FOLDER), {}),
  ])
  return {
    kind: 'reranked',
    retriever,
    pairs,
    ...(await rerankedFacts(files, bytes, options, retriever, pairs)),
  }
}

/** What the folder itself says, beside its two models. */
export const rerankedFacts = async (
  files: ModelFiles,
  bytes: Uint8Array,
  { known = [] }: FolderOptions,
  retriever: Pick<TaskFacts, 'tree'>,
  pairs: Pick<TaskFacts, 'tree'>,
): Promise<TaskFacts & Pick<RerankedFolder, 'name' | 'settings'>> => {
  const { codes } = retriever.tree
  const settings = parseRerank(files.name, parseJson(files, RERANK_FILE, bytes), codes.length)
  if (pairs.tree.codes.join() !== PAIR_CLASSES.join())
    throw rerankError(
      files.name,
      `the classes of ${PAIRS_FOLDER}/ must be ${PAIR_CLASSES.join(' and ')}, received ${pairs.tree.codes.slice(0, 5).join(', ')}`,
    )
  const facts = await readTaskFacts(files, { names: codes, place: `${RETRIEVER_FOLDER}/` }, known)
  return { name: files.name, ...facts, settings }
}

/** The classes of a pair model: whether a name belongs to a text. */
const PAIR_CLASSES = ['mismatch', 'match']
