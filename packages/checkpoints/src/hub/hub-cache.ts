import { copyFile, mkdir, readdir, readFile, readlink, rename, rm, symlink } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { getRepoFolderName } from '@huggingface/hub'
import { KicError } from '@kic/core'
import { writeFileAtomic } from '@kic/core/node'
import type { CheckpointsErrorCode } from '../error-code.ts'
import { WEIGHT_FILES } from '../open-checkpoint.ts'
import { checkTokenizer } from './hub-file.ts'
import type { HubSettings } from './hub-options.ts'

/**
 * The folder of a model in the cache, in the layout of Python's huggingface_hub: `blobs/<digest>`, `refs/<revision>`
 * with a commit, and `snapshots/<commit>/<file>` that link to the blobs.
 */
export const cacheFolder = (cacheDir: string, id: string): string =>
  join(cacheDir, getRepoFolderName({ type: 'model', name: id }))

export const COMMIT = /^[0-9a-f]{40}$/

/** Links a name in a snapshot to a blob, or copies the blob if links are not available. */
export const linkBlob = async (blob: string, pointer: string): Promise<void> => {
  const to = relative(dirname(pointer), blob)
  if ((await readlink(pointer).catch(() => undefined)) === to) return
  await mkdir(dirname(pointer), { recursive: true })
  const temporary = `${pointer}.${process.pid}.tmp`
  await rm(temporary, { force: true })
  await symlink(to, temporary).catch(() => copyFile(blob, temporary))
  await rename(temporary, pointer)
}

/** Records the commit of a branch or tag. */
export const writeRef = async (folder: string, revision: string, commit: string): Promise<void> => {
  if (revision !== commit) await writeFileAtomic(join(folder, 'refs', revision), commit)
}

/**
 * A model's snapshot in the cache.
 *
 * @throws KicError `checkpoints/offline` if there is none with weights and, if requested, a tokenizer
 */
export const cachedSnapshot = async (
  folder: string,
  id: string,
  { revision, tokenizer }: Pick<HubSettings, 'revision' | 'tokenizer'>,
): Promise<string> => {
  const missing = (what: string, cause?: unknown): KicError =>
    new KicError<CheckpointsErrorCode>(
      'checkpoints/offline',
      `resolveModel: ${id} is to be used offline, but ${what}. Load it once with a connection, or give the cacheDir that it is in.`,
      { cause },
    )
  const commit = COMMIT.test(revision)
    ? revision
    : (
        await readFile(join(folder, 'refs', revision), 'utf8').catch((cause: unknown) => {
          throw missing(`${folder} has no revision ${revision}`, cause)
        })
      ).trim()
  if (!COMMIT.test(commit)) throw missing(`refs/${revision} in ${folder} holds no commit`)
  const snapshot = join(folder, 'snapshots', commit)
  const files = await readdir(snapshot).catch((cause: unknown) => {
    throw missing(`${folder} has no snapshot ${commit}`, cause)
  })
  if (!WEIGHT_FILES.some((name) => files.includes(name))) throw missing(`${snapshot} has no weights`)
  try {
    checkTokenizer(snapshot, files, tokenizer)
  } catch (cause) {
    throw missing(`${snapshot} has no tokenizer`, cause)
  }
  return snapshot
}
