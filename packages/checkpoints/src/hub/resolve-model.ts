import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { listFiles, modelInfo } from '@huggingface/hub'
import { KicError } from '@kic/core'
import type { CheckpointsErrorCode } from '../error-code.ts'
import { downloadBlob, sizeOf } from './download-blob.ts'
import { COMMIT, cachedSnapshot, cacheFolder, linkBlob, writeRef } from './hub-cache.ts'
import { hubError } from './hub-error.ts'
import { checkTokenizer, type HubFile, modelFiles, parseHubFile } from './hub-file.ts'
import { type HubOptions, type HubSettings, hubSettings } from './hub-options.ts'
import { withRetries } from './with-retries.ts'

/**
 * The folder of a model: a local folder, or the model with that id on the Hugging Face Hub, downloaded into the cache
 * that Python uses too. It contains configuration, weights and the tokenizer's files, as far as the model has them;
 * with `tokenizer`, a model without them is refused. Cached files are not downloaded again. Checksums are verified
 * before a file gets its name.
 *
 * To load more than the weights of a model, use this folder instead of the id: `loadTokenizer(await resolveModel(id))`.
 *
 * @param source a folder, or an id such as `klue/roberta-small`
 * @throws KicError `checkpoints/no-model` for what is neither, `checkpoints/hub-not-found`, `-unauthorized`,
 * `-unreachable`, `-size`, `-token`, `-revision`, `checkpoints/hub`, `checkpoints/offline`, `checkpoints/checksum`,
 * `checkpoints/no-weights`, `checkpoints/no-tokenizer`
 */
export const resolveModel = async (source: string, options: HubOptions = {}): Promise<string> => {
  if (await isFolder(source)) {
    checkTokenizer(source, await readdir(source), options.tokenizer ?? false)
    return source
  }
  if (!/^[A-Za-z0-9][\w.-]*(\/[A-Za-z0-9][\w.-]*)?$/.test(source) || /\.\.|--/.test(source)) {
    throw new KicError<CheckpointsErrorCode>(
      'checkpoints/no-model',
      `resolveModel: ${JSON.stringify(source)} is no folder, and no id of the Hub such as klue/roberta-small.`,
    )
  }
  const settings = hubSettings(options)
  const folder = cacheFolder(settings.cacheDir, source)
  if (settings.offline) return cachedSnapshot(folder, source, settings)
  try {
    return await download(source, folder, settings)
  } catch (cause) {
    throw hubError(cause, `${source} at ${settings.revision}`, settings.hubUrl, settings.token !== undefined)
  }
}

const isFolder = async (path: string): Promise<boolean> =>
  stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  )

const download = async (id: string, folder: string, settings: HubSettings): Promise<string> => {
  const { revision, hubUrl, token } = settings
  const access = token === undefined ? {} : { accessToken: token }
  const commit = await withRetries(settings, async () => {
    const { sha } = await modelInfo({ name: id, revision, hubUrl, additionalFields: ['sha'], ...access })
    return sha
  })
  if (!COMMIT.test(commit)) {
    throw new KicError<CheckpointsErrorCode>(
      'checkpoints/hub',
      `resolveModel: ${hubUrl} says that ${id} is at ${commit}, no commit.`,
    )
  }
  const listed = await withRetries(settings, async () => {
    const files: HubFile[] = []
    for await (const entry of listFiles({ repo: id, revision: commit, hubUrl, ...access })) {
      const file = parseHubFile(entry)
      if (file) files.push(file)
    }
    return files
  })
  const snapshot = join(folder, 'snapshots', commit)
  await fetchFiles(
    modelFiles(listed, id, settings.tokenizer),
    { id, commit, blobs: join(folder, 'blobs'), snapshot },
    settings,
  )
  // Written last, so a cached revision is either complete or missing.
  await writeRef(folder, revision, commit)
  return snapshot
}

interface Places {
  readonly id: string
  readonly commit: string
  readonly blobs: string
  readonly snapshot: string
}

const fetchFiles = async (
  files: readonly HubFile[],
  { id, commit, blobs, snapshot }: Places,
  settings: HubSettings,
): Promise<void> => {
  await mkdir(blobs, { recursive: true })
  const totalSize = files.reduce((sum, { size }) => sum + size, 0)
  let before = 0
  for (const file of files) {
    const { path, size, digest } = file
    const report = (received: number): void =>
      settings.onProgress({ file: path, received, size, totalReceived: before + received, totalSize })
    const target = join(blobs, digest)
    if ((await sizeOf(target)) !== size) {
      await rm(target, { force: true })
      const url = `${settings.hubUrl}/${id}/resolve/${commit}/${path}`
      await downloadBlob({ url, file, target, settings, onReceived: report })
    }
    await linkBlob(target, join(snapshot, path))
    report(size)
    before += size
  }
}
