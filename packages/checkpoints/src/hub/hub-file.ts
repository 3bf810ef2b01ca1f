import { KicError } from '@kic/core'
import { z } from 'zod'
import type { CheckpointsErrorCode } from '../error-code.ts'
import { WEIGHT_FILES } from '../open-checkpoint.ts'

/** A file of a repository. */
export interface HubFile {
  readonly path: string
  readonly size: number
  /**
   * Digest of the content: SHA-256 of large files, Git's blob id (SHA-1) of others. It is also the file's name in the
   * cache.
   */
  readonly digest: string
}

const entrySchema = z.object({
  type: z.string(),
  path: z.string(),
  size: z.int().nonnegative(),
  oid: z.string().regex(/^[0-9a-f]{40}$/),
  lfs: z.object({ oid: z.string().regex(/^[0-9a-f]{64}$/), size: z.int().nonnegative() }).optional(),
})

/**
 * A file in the Hub's listing; folders give `undefined`.
 *
 * @throws KicError `checkpoints/hub`
 */
export const parseHubFile = (json: unknown): HubFile | undefined => {
  const result = entrySchema.safeParse(json)
  if (!result.success) {
    throw new KicError<CheckpointsErrorCode>(
      'checkpoints/hub',
      `parseHubFile: the Hub lists ${JSON.stringify(json)?.slice(0, 200)}, which is no file of a repository.`,
    )
  }
  const { type, path, size, oid, lfs } = result.data
  return type === 'file' ? { path, size: lfs?.size ?? size, digest: lfs?.oid ?? oid } : undefined
}

/** Files of which a tokenizer needs at least one. */
const VOCABULARY_FILES = ['tokenizer.json', 'vocab.txt'] as const

/** Files that a model may have besides its weights. */
const BESIDE_WEIGHTS = [
  'config.json',
  'tokenizer.json',
  'tokenizer_config.json',
  'special_tokens_map.json',
  'added_tokens.json',
  'vocab.txt',
  'vocab.json',
  'merges.txt',
  'preparation.json',
]

/**
 * The files that a model needs: configuration, tokenizer, and its weights in one format. Others, such as weights of
 * other frameworks, are not downloaded, so no file name comes from the server.
 *
 * @param tokenizer whether they must include files of a tokenizer
 * @throws KicError `checkpoints/no-weights`, `checkpoints/no-tokenizer`
 */
export const modelFiles = (files: readonly HubFile[], id: string, tokenizer: boolean): HubFile[] => {
  const index = WEIGHT_FILES.find((name) => files.some(({ path }) => path === name))
  if (index === undefined) {
    throw new KicError<CheckpointsErrorCode>(
      'checkpoints/no-weights',
      `resolveModel: ${id} has none of ${WEIGHT_FILES.join(', ')}. Choose a model with weights for PyTorch.`,
    )
  }
  checkTokenizer(
    id,
    files.map(({ path }) => path),
    tokenizer,
  )
  const shard = SHARD[index]
  return files.filter(({ path }) => BESIDE_WEIGHTS.includes(path) || path === index || shard?.test(path))
}

/**
 * Refuses a model without a requested tokenizer.
 *
 * @param where the model's id or folder
 * @throws KicError `checkpoints/no-tokenizer`
 */
export const checkTokenizer = (where: string, files: readonly string[], wanted: boolean): void => {
  if (!wanted || VOCABULARY_FILES.some((name) => files.includes(name))) return
  throw new KicError<CheckpointsErrorCode>(
    'checkpoints/no-tokenizer',
    `resolveModel: ${where} must hold ${VOCABULARY_FILES.join(' or ')}, but has neither. Choose a model with a tokenizer, or put the files of its tokenizer beside its weights.`,
  )
}

const SHARD: Readonly<Partial<Record<(typeof WEIGHT_FILES)[number], RegExp>>> = {
  'model.safetensors.index.json': /^model-\d{5}-of-\d{5}\.safetensors$/,
  'pytorch_model.bin.index.json': /^pytorch_model-\d{5}-of-\d{5}\.bin$/,
}
