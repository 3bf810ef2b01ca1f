import { ENSEMBLE_FILE } from '../ensemble/read-ensemble.ts'
import { RERANK_FILE } from '../rerank/rerank-file.ts'
import { CONFIG_FILE } from './model-config.ts'
import { NGRAM_FILE } from './ngram-folder.ts'

/** What a folder that predictors load may be, and the file that tells it. */
export const KIND_FILES = {
  network: CONFIG_FILE,
  ensemble: ENSEMBLE_FILE,
  ngram: NGRAM_FILE,
  reranked: RERANK_FILE,
} as const

export type FolderKind = keyof typeof KIND_FILES

/** In sentences. */
export const KIND_NAMES: Readonly<Record<FolderKind, string>> = {
  network: 'a network',
  ensemble: 'an ensemble',
  ngram: 'an n-gram model',
  reranked: 'a re-ranked model',
}
